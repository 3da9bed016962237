"""The rules for imports between the packages."""

import ast
from pathlib import Path

import pytest

from tests.contract.imports import exported, faults
from tests.contract.repository import ROOT, code

PUBLIC = exported(ast.parse((ROOT / "sdk/elasticio/__init__.py").read_text()))


def test_the_repository_follows_the_rules() -> None:
    found = [fault for path, tree in code() for fault in faults(path, tree, PUBLIC)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("sandbox/server.py", "import lib"),
        ("sandbox/server.py", "from elasticio import Message"),
        ("sandbox/models/text.py", "from services.rabbitmq import find_broker"),
        ("sdk/elasticio/cli.py", "import callfire_sandbox.server as server"),
        ("sdk/elasticio/cli.py", "def late():\n    from lib.callfire import client"),
        ("sdk/elasticio/cli.py", "importlib.import_module('lib.actions.find_texts')"),
        ("lib/actions/find_texts.py", "from elasticio.wire.message import Message"),
        ("lib/actions/find_texts.py", "import elasticio.wire.message"),
        ("lib/actions/find_texts.py", "from elasticio import _secret"),
        ("lib/actions/find_texts.py", "import elasticio\nelasticio.sailor.run()"),
        ("lib/callfire/client.py", "import callfire_sandbox"),
        ("verify_credentials.py", "from elasticio.runtime.settings import Settings"),
        ("demo/__main__.py", "from lib.actions import find_texts"),
        ("bench/run.py", "import lib"),
        ("bench/run.py", "from tests.integration import proxy"),
        ("demo/senders.py", "from tests import conftest"),
        ("runner/elasticio_runner/exec.py", "import lib"),
        ("runner/elasticio_runner/exec.py", "import callfire_sandbox"),
        ("runner/elasticio_runner/exec.py", "from tests.runner import x"),
        ("services/apt.py", "from elasticio import Message"),
        ("services/apt.py", "from tests import conftest"),
        ("tools/build.py", "from tests.contract import repository"),
        ("tools/build.py", "import elasticio_runner"),
        ("sdk/elasticio/cli.py", "import elasticio_runner"),
    ],
)
def test_a_forbidden_import_is_found(path: str, line: str) -> None:
    assert faults(Path(path), ast.parse(line), {"Message"})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("lib/actions/find_texts.py", "from elasticio import Message"),
        ("lib/actions/find_texts.py", "import elasticio\nelasticio.Message(body={})"),
        ("lib/actions/find_texts.py", "from lib.callfire import GET"),
        ("verify_credentials.py", "from lib.callfire.api.client import Client"),
        ("sdk/elasticio/broker/memory.py", "from elasticio.broker import Broker"),
        ("sdk/elasticio/broker/memory.py", "from . import Broker"),
        ("sandbox/server.py", "from .store import Store\nimport libcst"),
        (
            "demo/__main__.py",
            "from elasticio_runner import run\nimport callfire_sandbox\nfrom services.rabbitmq import find_broker",
        ),
        ("tests/lib/test_client.py", "import lib, callfire_sandbox, elasticio.broker"),
        ("tools/build.py", "from lib.callfire.api import client\nimport elasticio"),
        ("runner/elasticio_runner/exec.py", "from elasticio.broker import Broker"),
        ("bench/trace.py", "from services.step_queues import step_queues"),
    ],
)
def test_an_allowed_import_is_not_found(path: str, line: str) -> None:
    assert faults(Path(path), ast.parse(line), {"Message"}) == []


def test_a_relative_import_of_another_package_is_found() -> None:
    assert faults(Path("sandbox/server.py"), ast.parse("from ..lib import x"), set()) != []
    assert faults(Path("lib/actions/a.py"), ast.parse("from ...sandbox import x"), set()) != []
