# Everything is done with one of these. A machine needs Python 3.11 or newer and make; the rest goes into .venv.

PYTHON ?= python3
BROKER ?= memory# of the demo: memory or rabbitmq
ARGS ?=# passed on, for example: make test ARGS="tests/sdk -k crypto"

BIN := .venv/bin
READY := .venv/installed
RULES := tests/contract/test_imports.py tests/contract/test_repository.py tests/contract/test_docs.py
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: help test check demo sandbox build format bench trace lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

test: $(READY) ## Run all tests; RabbitMQ and Node.js are found, started and stopped
	$(BIN)/pytest $(ARGS)

check: $(READY) ## Lint, formatting, types, built files fresh, rules of the house
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m tools.build --check
	$(BIN)/pytest --quiet $(RULES)

demo: $(READY) ## Answer a few texts through the real runtime (BROKER=rabbitmq: over RabbitMQ)
	$(BIN)/python -m demo --broker $(BROKER) $(ARGS)

sandbox: $(READY) ## Run a CallFire of your own until Ctrl-C
	$(BIN)/python -m sandbox $(ARGS)

build: $(READY) ## Write component.json and schemas/ from lib/
	$(BIN)/python -m tools.build

format: $(READY) ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/bench ## Measure against the Node.js sailor, twenty minutes (ARGS=--quick: three)
	$(BIN)/python -m bench $(ARGS)

trace: $(READY) ## Count the files, functions and hops of one message (ARGS=getCall: name its files)
	$(BIN)/python -m bench.trace $(ARGS)

lock: $(READY) ## Pin the newest versions of what requirements/*.in name
	$(LOCK) --upgrade --output-file requirements/container.lock requirements/container.in
	$(LOCK) --upgrade --output-file requirements/dev.lock requirements/dev.in
	$(LOCK) --upgrade --output-file requirements/build.lock requirements/build.in
	$(LOCK) --upgrade --output-file requirements/bench.lock requirements/bench.in

clean: ## Remove all that the other targets made, .venv too
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache build dist sdk/build sdk/*.egg-info \
		services/sailor_nodejs/node_modules bench/peer/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than what it was made from. A changed lock means a new .venv: what it no longer names must go.
$(READY): .venv/locked sdk/pyproject.toml runner/pyproject.toml
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --no-deps --no-build-isolation --editable sdk --editable runner
	@touch $@

.venv/locked: requirements/container.lock requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
		"This needs Python 3.11 or newer, and $(PYTHON) is older. Name a newer one: make PYTHON=/path/to/python3")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --require-hashes \
		--requirement requirements/container.lock --requirement requirements/dev.lock
	@touch $@

.venv/bench: $(READY) requirements/bench.lock
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/bench.lock
	@touch $@
