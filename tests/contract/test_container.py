"""The image: locked packages, required files only, and the correct command."""

import ast
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.contract.dockerfile import Instruction, Stage, instructions, replay, sent
from tests.contract.imports import imported_modules

ROOT = Path(__file__).parents[2]
# The platform loads the first three, lib.callfire.models its modules.
LOADED_BY_NAME = ("lib.actions.", "lib.triggers.", "verify_credentials", "lib.callfire.models.")
SIZE_LIMIT = 60_000_000  # bytes of packages and component
DOCKERFILE = instructions((ROOT / "Dockerfile").read_text())


def of(keyword: str) -> list[Instruction]:
    """Return the instructions of one kind."""
    return [instruction for instruction in DOCKERFILE if instruction.keyword == keyword]


def names(path: str) -> set[str]:
    """Return the packages that a requirements file names."""
    return set(re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)", (ROOT / "requirements" / path).read_text()))


def test_every_package_in_the_image_is_locked_or_built_here() -> None:
    installs = [
        command
        for run in of("RUN")
        for command in run.value.split("&&")
        if re.search(r"\bpip( --python \w+)? (install|wheel)\b", command)
    ]
    assert any("--requirement container.lock" in command for command in installs)
    for command in installs:
        assert "--require-hashes" in command or "--no-deps" in command, command
    assert all(
        "--hash=sha256:" in (ROOT / "requirements" / lock).read_text() for lock in ("container.lock", "build.lock")
    )


def test_no_package_for_tests_or_demo_is_in_the_image() -> None:
    locked = names("container.lock")
    assert locked >= names("container.in")
    assert not locked & names("dev.in")
    assert not locked & names("build.in")


def test_the_locks_contain_the_same_versions() -> None:
    pins = [
        dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", (ROOT / "requirements" / f"{name}.lock").read_text()))
        for name in ("container", "dev", "build")
    ]
    assert all(pins)
    for package in set().union(*pins):
        assert len({pin[package] for pin in pins if package in pin}) == 1, package


def test_the_image_starts_run_mode_under_tini_without_root() -> None:
    assert json.loads(of("ENTRYPOINT")[0].value)[0].endswith("/tini")
    assert json.loads(of("CMD")[0].value) == ["elasticio", "run"]
    last_user = max(index for index, instruction in enumerate(DOCKERFILE) if instruction.keyword == "USER")
    assert DOCKERFILE[last_user].value != "root"
    assert all(instruction.keyword not in ("RUN", "COPY") for instruction in DOCKERFILE[last_user:])


def test_secrets_and_tests_are_not_sent_to_the_builder() -> None:
    ignore = (ROOT / ".dockerignore").read_text()
    assert sent("lib/actions/find_texts.py", ignore)
    assert sent("requirements/container.lock", ignore)
    for path in (".env", ".git/config", "tests/conftest.py", "requirements/dev.lock", "lib/__pycache__/x.pyc"):
        assert not sent(path, ignore), path


@pytest.fixture
def elasticio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A replacement for the command elasticio that prints its arguments; it and the launchers are first on PATH."""
    program = tmp_path / "elasticio"
    program.write_text('#!/bin/sh\necho elasticio "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ROOT / 'docker'}:{tmp_path}:/usr/bin:/bin")
    return program


@pytest.mark.usefixtures("elasticio")
@pytest.mark.parametrize(
    ("given", "started"),
    [
        ("node ./node_modules/elasticio-sailor-nodejs/run.js", "elasticio run"),
        ("node run.js", "elasticio run"),
        ("node --expose-gc --max-old-space-size=384 /app/node_modules/elasticio-sailor-nodejs/run", None),
        ("node --expose-gc /app/node_modules/elasticio-sailor-nodejs/run.js", "elasticio run"),
        ("node /x/runService.js verifyCredentials", "elasticio service verifyCredentials"),
        ("node runService.js selectModel", "elasticio service selectModel"),
        ("node server.js", None),
        ("node prerun.js", None),
        ("node", None),
        ("npm start", "elasticio run"),
        ("npm start --silent", "elasticio run"),
        ("npm --silent run start", "elasticio run"),
        ("npm install start", None),
        ("npm test", None),
        ("npm", None),
    ],
)
def test_the_commands_of_node_images_start_elasticio(given: str, started: str | None) -> None:
    done = subprocess.run(shlex.split(given), capture_output=True, text=True, check=False)
    if started:
        assert done.stdout.strip() == started
        assert done.returncode == 0
    else:
        assert done.stdout == ""
        assert done.returncode == 2
        assert "only" in done.stderr


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The image, built without Docker."""
    return replay(ROOT, tmp_path_factory.mktemp("image"))


@pytest.mark.parametrize("command", ["elasticio run", "node /any/run.js", "npm start"])
def test_the_image_starts_and_names_missing_variables(image: Stage, command: str) -> None:
    done = image.run(*command.split())
    assert done.returncode != 0
    for variable in ("ELASTICIO_FLOW_ID", "ELASTICIO_AMQP_URI", "ELASTICIO_MESSAGE_CRYPTO_PASSWORD"):
        assert variable in done.stdout + done.stderr


def test_every_function_of_the_component_loads_in_the_image(image: Stage) -> None:
    component = json.loads(image.path("component.json").read_text())
    mains = [function["main"] for kind in ("triggers", "actions") for function in component[kind].values()]
    assert mains
    modules = [main.removeprefix("./").removesuffix(".py").replace("/", ".") for main in mains]
    script = f"import importlib\nfor name in {['verify_credentials', *modules]}: importlib.import_module(name)"
    done = image.run("python", "-c", script)
    assert done.returncode == 0, done.stderr


def test_every_schema_that_the_component_names_is_in_the_image(image: Stage) -> None:
    component = json.loads(image.path("component.json").read_text())
    functions = [function for kind in ("triggers", "actions") for function in component[kind].values()]
    paths = [
        value for function in functions for value in function.get("metadata", {}).values() if isinstance(value, str)
    ]
    assert paths
    assert not [path for path in paths if not image.path(path).exists()]


def installed_packages(image: Stage) -> set[str]:
    """Return the names of the distributions in the image."""
    script = "import importlib.metadata as m; print(*(d.metadata['Name'].lower() for d in m.distributions()))"
    return set(image.run("python", "-c", script).stdout.split())


def test_the_image_contains_only_the_component(image: Stage) -> None:
    top = {path.name for path in image.path("").iterdir()}
    assert top == {
        "__pycache__",
        "component.json",
        "lib",
        "logo.png",
        "schemas",
        "verify_credentials.py",
    }
    assert {path.suffix for path in image.path("lib").rglob("*") if path.is_file()} <= {".py", ".pyc", ".wsdl"}


def test_the_image_contains_the_sdk_without_the_runner(image: Stage) -> None:
    packages = installed_packages(image)
    assert "elasticio-sdk" in packages
    assert not {"elasticio-runner", "callfire-sandbox"} & packages
    for module in ("elasticio_runner", "callfire_sandbox", "sandbox", "tools", "tests", "services"):
        assert image.run("python", "-c", f"import {module}").returncode != 0
    assert not names("dev.in") & packages - names("container.lock")


def test_no_build_tool_is_in_the_image(image: Stage) -> None:
    assert not {"pip", "setuptools", "wheel", "hatchling"} & installed_packages(image)
    assert image.run("python", "-m", "pip", "--version").returncode != 0
    assert not [path.name for path in image.path("/opt/packages/bin").iterdir() if path.name.startswith("pip")]
    removed = next(run.value for run in of("RUN") if "apt-get" in run.value)
    of_base = ("bin/pip*", "lib/python3*/ensurepip", "lib/python3*/site-packages/*")
    assert {f"/usr/local/{place}" for place in of_base} <= set(removed.split("rm -rf")[-1].split())


def test_the_image_adds_little_to_its_base(image: Stage) -> None:
    places = (image.path("/opt/packages"), image.path("/component"))
    sizes = {path: path.lstat().st_size for place in places for path in place.rglob("*") if path.is_file()}
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:10]
    assert sum(sizes.values()) < SIZE_LIMIT, largest


def test_the_image_has_the_data_of_phone_numbers_that_the_connector_uses(image: Stage) -> None:
    script = (
        "from lib.callfire.phone_numbers import normalize, time_zones\n"
        "assert time_zones(normalize('(213) 200-0384')) == ('America/Los_Angeles',)\n"
        "assert normalize('020 7946 0958', 'GB') == '442079460958'"
    )
    done = image.run("python", "-c", script)
    assert done.returncode == 0, done.stderr
    data = {path.name for path in image.path("/opt/packages").glob("lib/python3*/site-packages/phonenumbers/*data")}
    assert data == {"data", "shortdata", "tzdata"}


def test_the_launchers_are_in_the_image(image: Stage) -> None:
    assert {path.name for path in image.path("/usr/local/bin").iterdir()} == {"node", "npm"}


def test_every_module_of_the_connector_in_the_image_is_used(image: Stage) -> None:
    root = image.path("")
    modules = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (*root.glob("lib/**/*.py"), root / "verify_credentials.py")
    }
    used = {name for name in modules if name.startswith(LOADED_BY_NAME)}
    unread = set(used)
    while unread:
        path = modules[unread.pop()]
        imported = imported_modules(path.relative_to(root), ast.parse(path.read_text())) & modules.keys() - used
        used |= imported
        unread |= imported
    packages = {name for name, path in modules.items() if path.name == "__init__.py"}
    assert len(used) > 150
    assert not modules.keys() - packages - used
