"""Imports run one way"""

import ast
from pathlib import Path

import pytest

from tests.contract.imports import exported, faults
from tests.contract.repository import ROOT, code

PUBLIC = exported(ast.parse((ROOT / "sdk/elasticio/__init__.py").read_text()))


def test_the_repository_keeps_the_rules() -> None:
    found = [fault for path, tree in code() for fault in faults(path, tree, PUBLIC)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("sandbox/server.py", "import lib"),
        ("sandbox/server.py", "from elasticio import Message"),
        ("sandbox/models/text.py", "from services.rabbitmq import find_broker"),
        ("sdk/elasticio/cli.py", "import sandbox.server as server"),
        ("sdk/elasticio/cli.py", "def late():\n    from lib.callfire import client"),
        ("sdk/elasticio/cli.py", "importlib.import_module('lib.actions.find_texts')"),
        ("lib/actions/find_texts.py", "from elasticio.wire.message import Message"),
        ("lib/actions/find_texts.py", "import elasticio.wire.message"),
        ("lib/actions/find_texts.py", "from elasticio import _secret"),
        ("lib/actions/find_texts.py", "import elasticio\nelasticio.sailor.run()"),
        ("lib/callfire/client.py", "import sandbox"),
        ("verify_credentials.py", "from elasticio.runtime.settings import Settings"),
        ("demo/__main__.py", "from lib.actions import find_texts"),
        ("bench/run.py", "import lib"),
    ],
)
def test_a_breach_is_found(path: str, line: str) -> None:
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
            "from elasticio_runner import run\nimport sandbox\nfrom services.rabbitmq import find_broker",
        ),
        ("tests/lib/test_client.py", "import lib, sandbox, elasticio.broker"),
    ],
)
def test_what_is_allowed_is_not_found(path: str, line: str) -> None:
    assert faults(Path(path), ast.parse(line), {"Message"}) == []


def test_relative_imports_that_leave_their_room_are_found() -> None:
    assert faults(Path("sandbox/server.py"), ast.parse("from ..lib import x"), set()) != []
    assert faults(Path("lib/actions/a.py"), ast.parse("from ...sandbox import x"), set()) != []
