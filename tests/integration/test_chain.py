"""Steps of both runtimes in one flow: each reads the messages of the other, in both protocol versions."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import pairwise
from typing import Any

import pytest

from services.fake_platform import FakePlatform, fake_platform
from services.node_sailor import NodeSailor
from services.rabbitmq import Broker
from services.step_environment import FLOW, step_environment
from services.step_queues import Received, StepQueues, step_queues
from tests.integration.step_process import StepProcess, node_step, python_step

Sailor = Callable[[Mapping[str, str]], AbstractContextManager[StepProcess]]

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERSIONS = [(1, 1), (1, 2), (2, 1), (2, 2)]
# values that languages write differently or lose
CARGO = {
    "text": 'Grüße ✓ 日本語 \u2028 😀 \x00 "quoted" \\',
    "half a surrogate pair": "\ud83d",
    "integers": [0, -1, 2**53 - 1, -(2**53) + 1],
    "fractions": [0.1, -2.5e-7, 1e21, 1.7976931348623157e308],
    "constants": [None, True, False, "", [], {}],
    "nested": {"a": [{"b": {"c": [[["deep"]]]}}], "Schlüssel mit ✓": {"": "empty key"}},
}


@pytest.fixture
def sailors(node_sailor: NodeSailor) -> dict[str, Sailor]:
    return {"python": python_step, "node": lambda variables: node_step(node_sailor, variables)}


@contextmanager
def chain(uri: str, length: int, route: str = "data") -> Iterator[list[StepQueues]]:
    """Yield the queues of `count` steps. Each receives the previous step's publications of the route."""
    with ExitStack() as stack:
        steps = [stack.enter_context(step_queues(uri)) for _ in range(length)]
        for before, after in pairwise(steps):
            after.follow(before, route)
        yield steps


def variables(language: str, step: StepQueues, platform: FakePlatform, name: str, **settings: Any) -> dict[str, str]:
    return step_environment(
        step, platform, "scripted" if language == "python" else "scripted_node", step_id=name, **settings
    )


def without_passthrough(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "passthrough"}


def run_chain(sailors: Mapping[str, Sailor], languages: str, versions: tuple[int, int], uri: str) -> list[Received]:
    """Send one message through three steps. Return the publication of each step."""
    names = ("first", "second", "third")
    last = {"tell": True, **CARGO}
    script = {"emit": [["data", {"body": {"emit": [["data", {"body": last}]], **CARGO}, "headers": {"own": "ü"}}]]}
    with fake_platform() as platform, chain(uri, 3) as steps, ExitStack() as running:
        for name in names:
            platform.steps[FLOW, name] = {"config": {}, "snapshot": {}, "is_passthrough": True}
        steps[0].send({"body": script}, {"messageId": "incoming", "x-eio-meta-trace": "kept"})
        for name, language, step, version in zip(names, languages.split("-"), steps, (*versions, 1), strict=True):
            running.enter_context(
                sailors[language](variables(language, step, platform, name, protocol_version=version))
            )
        published = [step.receive("data")[0] for step in steps]
        assert [step.waiting(step.queue("error")) for step in steps] == [0, 0, 0]
        return published


@pytest.mark.parametrize("versions", VERSIONS, ids=lambda versions: f"versions {versions[0]} and {versions[1]}")
@pytest.mark.parametrize("languages", ["node-python-node", "python-node-python"])
def test_a_message_passes_through_steps_of_both_runtimes(
    languages: str, versions: tuple[int, int], broker: Broker, sailors: dict[str, Sailor]
) -> None:
    first, second, third = run_chain(sailors, languages, versions, broker.uri)
    assert [out.headers["protocolVersion"] for out in (first, second, third)] == [*versions, 1]
    # the headers identify the thread
    assert UUID.fullmatch(first.headers["threadId"])
    assert {out.headers["threadId"] for out in (second, third)} == {first.headers["threadId"]}
    parents = [out.headers["parentMessageId"] for out in (first, second, third)]
    assert parents == ["incoming", first.headers["messageId"], second.headers["messageId"]]
    assert len({out.headers["messageId"] for out in (first, second, third)}) == 3
    assert [out.headers["stepId"] for out in (first, second, third)] == ["first", "second", "third"]
    assert {out.headers["x-eio-meta-trace"] for out in (first, second, third)} == {"kept"}
    # each body is the output of the previous step
    assert second.message["body"] == {"tell": True, **CARGO}
    seen = third.message["body"]["message"]
    assert seen["body"] == second.message["body"]
    # each step adds its published message to the passthrough
    published = {
        "first": without_passthrough(first.message),
        "second": without_passthrough(second.message),
        "third": without_passthrough(third.message),
    }
    assert published["first"]["headers"] == {"own": "ü"}
    assert {name: published["first"]["body"][name] for name in CARGO} == CARGO
    assert seen["passthrough"] == {name: published[name] for name in ("first", "second")}
    assert third.message["passthrough"] == published


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("failing", "reading"), [("node", "python"), ("python", "node")])
def test_each_runtime_reads_errors_of_the_other(
    failing: str, reading: str, version: int, broker: Broker, sailors: dict[str, Sailor]
) -> None:
    sent = {"raise": "Das ging schief: ✓", **CARGO}
    with fake_platform() as platform, chain(broker.uri, 2, "error") as (step, handler), ExitStack() as running:
        platform.steps[FLOW, "failing"] = {"config": {}, "snapshot": {}}
        platform.steps[FLOW, "handler"] = {"config": {"tell": True}, "snapshot": {}}
        step.send({"body": sent, "headers": {"own": "ü"}}, {"messageId": "incoming", "threadId": "thread"}, version)
        running.enter_context(sailors[failing](variables(failing, step, platform, "failing")))
        running.enter_context(sailors[reading](variables(reading, handler, platform, "handler", input_format="error")))
        (error,), (told,) = step.receive("error"), handler.receive("data")
        assert handler.waiting(handler.queue("error")) == 0
    seen = told.message["body"]["message"]
    assert seen["body"] == error.message
    assert seen["body"]["error"]["message"] == sent["raise"]
    assert seen["body"]["error"]["name"] == {"node": "TypeError", "python": "ValueError"}[failing]
    assert ("script.js" if failing == "node" else "script.py") in seen["body"]["error"]["stack"]
    assert seen["body"]["errorInput"]["body"] == sent
    assert seen["body"]["errorInput"]["headers"]["own"] == "ü"
    assert seen["headers"]["stepId"] == "failing"  # the AMQP headers replace the headers of the message
    assert [told.headers["threadId"], told.headers["parentMessageId"]] == ["thread", error.headers["messageId"]]
