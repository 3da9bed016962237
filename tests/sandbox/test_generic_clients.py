"""Clients that are generated from the description perform all operations, with ids from earlier answers."""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from callfire_sandbox.server import Running

from services.node_sailor import NodeSailor
from tests.sandbox.conforming import OPERATIONS
from tests.sandbox.conftest import Client
from tests.sandbox.generic_client import FILES, STEPS, GenericClient, walk

SCRIPT = Path(__file__).with_name("generic_client.js")


def node_walk(node: str, callfire: Running) -> "subprocess.CompletedProcess[str]":
    task = {
        "url": callfire.url,
        "admin": callfire.admin_url,
        "login": [callfire.username, callfire.password],
        "account": [callfire.account_username, callfire.account_password],
        "files": {name: base64.b64encode(data).decode() for name, data in FILES.items()},
        "steps": STEPS,
    }
    command = (node, str(SCRIPT))
    return subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("ids", ["small", "large"])
def test_a_python_client(client: Client, ids: str) -> None:
    client.switch(ids=ids)
    callfire = client.callfire
    account = (callfire.account_username, callfire.account_password)
    generic = GenericClient(callfire.url, (callfire.username, callfire.password), account)
    assert walk(generic, callfire.admin_url).keys() == OPERATIONS.keys()


def test_a_javascript_client(callfire: Running, node_sailor: NodeSailor) -> None:
    done = node_walk(node_sailor.node, callfire)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout).keys() == OPERATIONS.keys()


def test_a_javascript_client_rounds_large_ids(client: Client, node_sailor: NodeSailor) -> None:
    client.switch(ids="large")
    done = node_walk(node_sailor.node, client.callfire)
    assert done.returncode == 1
    assert done.stderr.startswith("getText: 404")
