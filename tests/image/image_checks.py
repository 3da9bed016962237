"""The image, built and run by an engine: its size, its content, and a step that processes a message.

`make image` runs these tests. The name of this module keeps them out of `make test`: a build takes minutes.
`tests/contract/test_container.py` executes the same Dockerfile without an engine.
"""

import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from callfire_sandbox.server import Running, start

from services.container_engine import Engine, debian_bases, find_engine
from services.fake_platform import FakePlatform
from services.rabbitmq import Broker
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import StepQueues, step_queues
from tests.integration.step_process import StepProcess

ROOT = Path(__file__).parents[2]
IMAGE = "localhost/callfire-component"
SANDBOX = "localhost/callfire-sandbox"
SIZE_LIMIT = 65_000_000  # bytes that the image adds to its base
RESTRICTED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")


@pytest.fixture(scope="session")
def engine() -> Engine:
    return find_engine()


@pytest.fixture(scope="session")
def base(engine: Engine) -> str:
    """The base of the image. IMAGE_BASE=debian: from Debian packages. Otherwise the base that the Dockerfile names."""
    named = os.environ.get("IMAGE_BASE", "")
    arguments = {"BASE": named}
    if named == "debian":
        arguments["BASE"], arguments["BUILD_BASE"] = debian_bases(engine)
    elif not named:
        (line,) = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("ARG BASE=")]
        arguments["BASE"] = line.removeprefix("ARG BASE=")
        engine.do("pull", arguments["BASE"])
    options = [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
    for image, context in ((IMAGE, ROOT), (SANDBOX, ROOT / "sandbox")):
        engine.build(*engine.index_options, *options, "--tag", image, str(context))
    return arguments["BASE"]


@pytest.fixture(scope="session")
def run(engine: Engine, base: str) -> Engine:
    """The engine after the build."""
    return engine


@pytest.fixture
def queues(broker: Broker) -> Iterator[StepQueues]:
    with step_queues(broker.uri) as declared:
        yield declared


@pytest.fixture
def callfire() -> Iterator[Running]:
    with start() as running:
        yield running


@contextmanager
def container(engine: Engine, environ: Mapping[str, str], *command: str) -> Iterator[tuple[StepProcess, str]]:
    """Run a step in a container without rights; yields the process and the name of the container."""
    name = f"component-{uuid.uuid4().hex[:8]}"
    variables = [word for key, value in environ.items() for word in ("--env", f"{key}={value}")]
    options = (*RESTRICTED, "--name", name, *variables)
    step = StepProcess(engine.run_command(IMAGE, *command, options=options), {})
    try:
        yield step, name
    finally:
        if step.process.poll() is None:
            engine.do("kill", name)
        step.exit_code()


def output(engine: Engine, *command: str) -> str:
    return engine.do(*engine.run_command(IMAGE, *command, options=RESTRICTED)[len(engine.command) :])


@pytest.mark.parametrize("command", [(), ("node", "/any/run.js"), ("npm", "start")])
def test_a_step_processes_a_message(
    run: Engine, queues: StepQueues, platform: FakePlatform, callfire: Running, command: tuple[str, ...]
) -> None:
    config = {"server": callfire.url, "username": callfire.username, "password": callfire.password}
    facts = {"function": "findTexts", "component_path": "", "health_file": "/tmp/health"}
    environ = step_environment(queues, platform, **facts)
    platform.steps[FLOW, STEP] = {"config": {**config, "emitMode": "page"}, "snapshot": {}}
    with container(run, environ, *command) as (step, name):
        step.ready()
        queues.send({"body": {}})
        (page,) = queues.receive("data")
        assert "items" in page.message["body"]
        run.do("exec", name, "sh", "-c", "until find /tmp/health -mmin -2 | grep -q .; do sleep 0.1; done")
        assert run.do("exec", name, "id", "-u").strip() == "10001"
        assert step.end() == 0
    assert queues.waiting(queues.input) == 0


def test_the_image_contains_no_build_tool(run: Engine) -> None:
    tools = ("pip", "ensurepip", "setuptools", "wheel")
    found = f"import importlib.util as u; print([name for name in {tools} if u.find_spec(name)])"
    for path in ("/opt/packages/bin", "/usr/local/bin:/usr/bin:/bin"):  # the packages' Python, and that of the base
        assert output(run, "/usr/bin/env", f"PATH={path}", "python3", "-c", found).strip() == "[]"
    assert output(run, "sh", "-c", "which pip pip3 gcc make git || true").strip() == ""


def test_the_user_cannot_write_to_the_image(run: Engine) -> None:
    script = "find / -xdev -writable -not -type l -not -path '/proc/*' -not -path '/dev/*' 2>/dev/null || true"
    assert set(output(run, "sh", "-c", script).split()) <= {"/tmp", "/var/tmp", "/var/lock", "/run/lock"}


def test_no_start_compiles_code(run: Engine) -> None:
    script = (
        "import pathlib, importlib.util as u\n"
        "sources = [p for f in ('/opt/packages/lib', '/component') for p in pathlib.Path(f).rglob('*.py')]\n"
        "print(len(sources), [str(p) for p in sources if not pathlib.Path(u.cache_from_source(p)).exists()])"
    )
    assert output(run, "python", "-c", script).split(maxsplit=1)[1].strip() == "[]"


def test_the_image_adds_little_to_its_base(run: Engine, base: str) -> None:
    sizes = [int(run.do("image", "inspect", "--format", "{{.Size}}", name)) for name in (IMAGE, base)]
    assert sizes[0] - sizes[1] < SIZE_LIMIT


def test_the_sandbox_starts_in_its_image(run: Engine) -> None:
    name = f"sandbox-{uuid.uuid4().hex[:8]}"
    process = StepProcess(run.run_command(SANDBOX, "--port", "0", options=("--name", name, "--read-only")), {})
    line = process.wait_for_line(lambda record: "http://" in record["msg"])["msg"]
    address = re.findall(r"http://\S+?:(\d+)", line)
    assert requests.get(f"http://127.0.0.1:{address[0]}/v2/me/account", timeout=30).status_code == 401
    assert process.end() == 0
