# All commands of this repository. They require Python 3.11 or newer and make, and install all packages into .venv.

PYTHON ?= python3
BROKER ?= memory# for the demo: memory or rabbitmq
BASE ?=# for the image: an image with Python, or debian to create one from Debian packages
WORKERS ?= 3# for the tests: processes at the same time; 0 runs all tests in one process
ARGS ?=# passed to the command, for example: make test ARGS="tests/sdk -k encryption"

BIN := .venv/bin
READY := .venv/installed
RELEASE := .venv/release# tools with dependencies of their own
RULES := $(addprefix tests/contract/,test_imports.py test_names.py test_public_names.py test_repository.py test_docs.py)
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host

export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE# each of the tests' many processes would compile all modules again

.DELETE_ON_ERROR:
.PHONY: help test check demo sandbox screenshot build format bench trace docs dist image audit sbom workflows release lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

test: $(READY) ## Run all tests; starts RabbitMQ and installs the Node.js sailor
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadscope $(ARGS)

check: $(READY) ## Check lint, formatting, types, generated files, component.json and the rules of the repository
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m tools.build --check
	$(BIN)/elasticio check --strict
	$(BIN)/elasticio check --strict examples/local
	$(BIN)/pytest --quiet $(RULES)

demo: $(READY) ## Run a flow that replies to text messages (BROKER=rabbitmq: over RabbitMQ)
	$(BIN)/python -m demo --broker $(BROKER) $(ARGS)

sandbox: $(READY) ## Run the sandbox, a local CallFire API, until Ctrl-C
	$(BIN)/python -m sandbox $(ARGS)

screenshot: $(READY) ## Write the pictures of sandbox and preview (ARGS="--all FOLDER": of every section)
	$(BIN)/python -m demo.screenshot $(ARGS)

build: $(READY) ## Write component.json, schemas/ and the generated parts of docs/
	$(BIN)/python -m tools.build

format: $(READY) ## Format the code and apply the linter's fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/bench ## Compare with the Node.js sailor in 40 minutes (ARGS=--quick: 5 minutes)
	$(BIN)/python -m bench $(ARGS)

trace: $(READY) ## Count files, functions and hops of a message (ARGS=getCall: list its files)
	$(BIN)/python -m bench.trace $(ARGS)

docs: $(READY) ## Write the documentation as a site to build/site; checks all links
	$(BIN)/python -m tools.site
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

dist: $(READY) ## Build the wheels and source archives of the SDK, the runner and the sandbox into dist/
	rm -rf dist
	for room in sdk runner sandbox; do (cd $$room && ../$(BIN)/python -m hatchling build --directory ../dist) || exit 1; done
	$(BIN)/twine check --strict dist/*

image: $(READY) ## Build the image with Docker or Podman and run it (BASE=debian: without a registry of images)
	IMAGE_BASE=$(BASE) $(BIN)/pytest -s -o faulthandler_timeout=0 tests/image/image_checks.py $(ARGS)

audit: $(RELEASE)/installed ## Look up known vulnerabilities of the locked packages (needs pypi.org)
	for lock in container dev build; do $(RELEASE)/bin/pip-audit --strict --disable-pip --requirement requirements/$$lock.lock || exit 1; done

sbom: $(RELEASE)/installed ## Write the parts list of the image to build/sbom.json (CycloneDX)
	mkdir -p build
	$(RELEASE)/bin/cyclonedx-py requirements --output-reproducible --output-file build/sbom.json requirements/container.lock

workflows: $(RELEASE)/installed ## Check the workflows of the forge for mistakes and security problems
	$(RELEASE)/bin/zizmor --offline --quiet .github

release: $(READY) ## Set the version, date the changelog, commit and tag: make release VERSION=0.2.0
	$(BIN)/python -m tools.release $(VERSION)

lock: $(READY) ## Pin the newest versions of the packages in requirements/*.in
	$(LOCK) --upgrade --output-file requirements/container.lock requirements/container.in
	$(LOCK) --upgrade --output-file requirements/dev.lock requirements/dev.in
	$(LOCK) --upgrade --output-file requirements/build.lock requirements/build.in
	$(LOCK) --upgrade --output-file requirements/bench.lock requirements/bench.in
	$(LOCK) --upgrade --output-file requirements/release.lock requirements/release.in

clean: ## Remove all files that the other commands created, including .venv
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache build dist sdk/build sdk/*.egg-info \
		services/sailor_nodejs/node_modules services/axe/node_modules services/api_descriptions/node_modules bench/peer/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than its inputs. A changed lock creates a new .venv, so that removed packages disappear.
$(READY): .venv/locked sdk/pyproject.toml runner/pyproject.toml sandbox/pyproject.toml
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --no-deps --no-build-isolation --editable sdk --editable runner --editable sandbox
	@touch $@

.venv/locked: requirements/container.lock requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
		"$(PYTHON) is too old. Use Python 3.11 or newer: make PYTHON=/path/to/python3")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --require-hashes \
		--requirement requirements/container.lock --requirement requirements/dev.lock
	@touch $@

$(RELEASE)/installed: $(READY) requirements/release.lock
	$(PYTHON) -m venv --clear $(RELEASE)
	$(RELEASE)/bin/pip install --quiet --require-hashes --requirement requirements/release.lock
	@touch $@

.venv/bench: $(READY) requirements/bench.lock
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/bench.lock
	@touch $@
