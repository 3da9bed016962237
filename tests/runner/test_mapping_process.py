"""Mappings run in a process that can be stopped, with the same results as in JavaScript."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from elasticio_runner.mapping.edge import Carried, Edge, compiled
from elasticio_runner.mapping.evaluator import Evaluator
from elasticio_runner.mapping.expression import MappingError

ENDLESS = "$match('" + "a" * 64 + "!', /(a+)+$/)"
MESSAGE = {"body": {"n": 2, "a": 7.75, "odd": "\ud83d", "empty": "", "list": []}, "headers": {"h": 1}, "id": "m"}


def edge(mapping: Any = None, condition: str | None = None) -> Edge:
    return Edge("a", "b", compiled(mapping, ("mapping",)), compiled(condition, ("condition",)) if condition else None)


@pytest.fixture
def started() -> Iterator[list[Evaluator]]:
    evaluators: list[Evaluator] = []
    yield evaluators
    for each in evaluators:
        each.close()


def evaluator(started: list[Evaluator], *edges: Edge, limit: float = 60, **variables: Any) -> Evaluator:
    started.append(Evaluator(edges, variables, limit))
    return started[-1]


def test_a_message_is_mapped_in_the_process(started: list[Evaluator]) -> None:
    mapped = edge({"double": "body.n * 2", "city": "$variables.city", "odd": "body.odd"})
    carried = evaluator(started, mapped, city="Berlin").carry(mapped, MESSAGE)
    assert carried == Carried({**MESSAGE, "body": {"double": 4, "city": "Berlin", "odd": "\ud83d"}})


def test_an_edge_without_expressions_needs_no_process(started: list[Evaluator]) -> None:
    plain = edge()
    mapper = evaluator(started, plain)
    mapper.start()
    assert mapper.carry(plain, MESSAGE) == Carried(MESSAGE)
    assert mapper._child is None


def test_after_an_endless_expression_the_next_message_is_mapped(started: list[Evaluator]) -> None:
    endless, good = edge({"deep": [ENDLESS]}), edge("body.n")
    mapper = evaluator(started, endless, good, limit=0.2)
    for _ in range(2):
        with pytest.raises(MappingError, match=r"^mapping\.deep\[0\]: takes too long"):
            mapper.carry(endless, MESSAGE)
        assert mapper.carry(good, MESSAGE) == Carried({**MESSAGE, "body": 2})


def test_a_process_that_does_not_respond_is_killed_and_replaced(
    started: list[Evaluator], monkeypatch: pytest.MonkeyPatch
) -> None:
    endless, good = edge(ENDLESS), edge("body.n")
    mapper = evaluator(started, endless, good, limit=3600)  # which the process itself would wait for
    monkeypatch.setattr("elasticio_runner.mapping.evaluator._GRACE", -3599.5)
    with pytest.raises(MappingError, match="takes too long"):
        mapper.carry(endless, MESSAGE)
    monkeypatch.undo()
    assert mapper.carry(good, MESSAGE) == Carried({**MESSAGE, "body": 2})


def test_closing_ends_an_evaluation_at_once(started: list[Evaluator]) -> None:
    endless = edge(ENDLESS)
    mapper = evaluator(started, endless, limit=3600)
    mapper.start()
    failures: list[str] = []

    def carry() -> None:
        with pytest.raises(MappingError) as error:
            mapper.carry(endless, MESSAGE)
        failures.append(str(error.value))

    thread = threading.Thread(target=carry)
    thread.start()
    mapper.close()
    thread.join()
    assert failures == ["the mapping was not evaluated: the run ends."]
    with pytest.raises(MappingError, match="the run ends"):
        mapper.carry(endless, MESSAGE)


def test_an_expression_that_needs_too_much_memory_fails_alone(started: list[Evaluator]) -> None:
    greedy, good = edge("$pad('', 8000000000)"), edge("body.n")
    mapper = evaluator(started, greedy, good)
    with pytest.raises(MappingError):
        mapper.carry(greedy, MESSAGE)
    assert mapper.carry(good, MESSAGE) == Carried({**MESSAGE, "body": 2})


def test_a_result_that_json_cannot_represent_is_refused(started: list[Evaluator]) -> None:
    function = edge("function($x) { $x }")
    with pytest.raises(MappingError):
        evaluator(started, function).carry(function, MESSAGE)


def test_a_message_that_is_nested_too_deeply_fails_alone(started: list[Evaluator]) -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    mapped = edge("body.n")
    mapper = evaluator(started, mapped)
    with pytest.raises(MappingError, match="cannot be mapped"):
        mapper.carry(mapped, {"body": {"deep": deep}})
    assert mapper.carry(mapped, MESSAGE) == Carried({**MESSAGE, "body": 2})


@pytest.mark.parametrize(
    ("expression", "result"),
    [("body.a % 2", 1.75), ("-7.75 % 2", -1.75), ("7 % 2", 1), ("8 % 2", 0), ("5.5 % 2.5", 0.5), ("7.75 % 0.25", 0)],
)
def test_the_remainder_of_fractions_is_that_of_javascript(expression: str, result: float) -> None:
    carried = edge(expression).carry(MESSAGE, {})
    assert carried is not None
    assert carried["body"] == result


def test_the_time_is_constant_within_one_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(1_000_000_000_000, 1_000_000_005_000))
    monkeypatch.setattr("jsonata.timebox.Timebox.current_milli_time", lambda: next(times))
    first = edge("{'a': $millis(), 'b': $millis(), 'now': $toMillis($now())}")
    compiled("1", ())  # the library's clock belonged to the expression that was compiled last
    bodies = [carried["body"] for _ in range(2) if (carried := first.carry(MESSAGE, {}))]
    for body in bodies:
        assert body["a"] == body["b"] == body["now"]
    assert bodies[1]["a"] > bodies[0]["a"]


def test_the_time_is_the_current_time() -> None:
    before = int(time.time() * 1000)
    carried = edge("$millis()").carry(MESSAGE, {})
    assert carried is not None
    assert before - 1 <= carried["body"] <= int(time.time() * 1000) + 1


@pytest.mark.parametrize(
    ("condition", "holds", "told"),
    [
        ("body.n = 2", True, None),
        ("body.missing", False, None),
        ("null", False, None),
        ("body.empty", False, None),
        ("0", False, None),
        ("'false'", True, "a text"),
        ("body.n", True, "a number"),
        ("{}", True, "an object"),
        ("[body.list]", True, "a list"),
    ],
)
def test_a_condition_is_true_as_in_javascript(condition: str, holds: bool, told: str | None) -> None:
    carried = edge(condition=condition).evaluate(MESSAGE, {})
    assert (carried.message is not None) is holds
    assert (carried.warning is not None) is (told is not None)
    assert carried.warning is None or f"the condition yields {told}, which counts as true" in carried.warning
