"""IDs of 19 digits in a flow with a JavaScript step, which rounds larger numbers than 2^53 - 1."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches

from services.fake_platform import FakePlatform
from services.node_sailor import NodeSailor
from services.rabbitmq import Broker
from services.step_environment import FLOW, step_environment
from services.step_queues import step_queues
from tests.integration.step_process import node_step, python_step


@contextmanager
def sandbox(ids: str) -> Iterator[Any]:
    with start(switches=Switches(ids=ids)) as running:
        text = {"fromNumber": "12135550111", "message": "Which of my texts is this?"}
        requests.post(f"{running.admin_url}/texts", json=[text] * 3, timeout=10).raise_for_status()
        yield running


@pytest.mark.parametrize(("ids", "kind"), [("large", str), ("small", int)])
def test_ids_pass_a_javascript_step_between_find_and_get(
    ids: str, kind: type, broker: Broker, platform: FakePlatform, node_sailor: NodeSailor
) -> None:
    with ExitStack() as running:
        account = running.enter_context(sandbox(ids))
        login = {"username": account.username, "password": account.password, "server": account.url}
        platform.steps[FLOW, "find"] = {"config": {**login, "emitBehavior": "emitIndividually"}}
        platform.steps[FLOW, "select"] = {"config": {}}
        platform.steps[FLOW, "get"] = {"config": login}
        find, select, get = queues = [running.enter_context(step_queues(broker.uri)) for _ in range(3)]
        for before, after in pairwise(queues):
            after.follow(before)
        for step, name, function in ((find, "find", "findTexts"), (get, "get", "getText")):
            environ = step_environment(step, platform, step_id=name, function=function, component_path=".")
            running.enter_context(python_step(environ))
        environ = step_environment(select, platform, "scripted_node", step_id="select", function="forwardId")
        running.enter_context(node_step(node_sailor, environ))
        find.send({"body": {"inbound": True}}, {"messageId": "incoming"})
        found, forwarded, got = ([out.message["body"]["id"] for out in step.receive("data", 3)] for step in queues)
        assert [step.waiting(step.queue("error")) for step in queues] == [0, 0, 0]
    assert len(set(found)) == 3
    assert {type(identifier) for identifier in found} == {kind}
    assert forwarded == found
    assert sorted(got) == sorted(found)
