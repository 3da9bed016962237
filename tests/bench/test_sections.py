"""The runtimes of each section, their order, and the published runs."""

import argparse
import sys
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.environment import Environment
from bench.results import Results
from bench.runs import Metrics
from bench.runtimes import AWAITED, PYTHON, RUNTIMES, Runtime
from bench.sections import FULL, QUICK, SECTIONS, Point, Sizes
from bench.target import Target
from services.fake_platform import FakePlatform
from services.node_sailor import NodeSailor
from tests.bench.test_report import ABOUT


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment without running services."""
    nginx, sandbox = (Target(name, "http://127.0.0.1/v2", "1") for name in ("nginx", "sandbox"))
    return Environment("amqp://127.0.0.1", FakePlatform(), NodeSailor("node", tmp_path), tmp_path, nginx, sandbox)


def points(section: str, environment: Environment, sizes: Sizes = FULL) -> list[Point]:
    return list(SECTIONS[section](environment, sizes))


def test_throughput_measures_each_function_prefetch_and_runtime(environment: Environment) -> None:
    found = points("throughput", environment)
    assert [(point.facts["function"], point.facts["prefetch"]) for point in found] == [
        (function, prefetch) for function in ("getCall", "sendTexts", "echo") for prefetch in (1, 10, 50)
    ]
    assert all((tuple(point.runtimes), point.runs) == (RUNTIMES, 3) for point in found)


def test_the_second_pass_uses_the_sandbox_with_each_runtime(environment: Environment) -> None:
    found = points("sandbox", environment)
    assert [(point.facts["function"], point.facts["target"]) for point in found] == [
        ("getCall", "sandbox"),
        ("sendTexts", "sandbox"),
    ]
    assert all(tuple(point.runtimes) == RUNTIMES for point in found)


def test_each_runtime_is_killed_at_each_prefetch(environment: Environment) -> None:
    found = points("loss", environment)
    assert [point.facts["prefetch"] for point in found] == [1, 10, 50]
    assert all(tuple(point.runtimes) == RUNTIMES for point in found)


def test_a_quick_run_measures_each_point_once(environment: Environment) -> None:
    for section in set(SECTIONS) - {"polling", "latency", "recipients"}:  # which start their own targets
        quick, full = points(section, environment, QUICK), points(section, environment)
        assert {point.facts["function"] for point in quick} == {point.facts["function"] for point in full}
        assert {point.runs for point in quick} == {1}


def test_runtimes_run_in_turns() -> None:
    order: list[str] = []

    def measure(runtime: Runtime) -> Metrics:
        order.append(runtime.key)
        return {"steady_rate": float(len(order))}

    cells = bench.in_turns(Point("throughput", {"function": "getCall"}, (PYTHON, AWAITED), 2, measure))
    assert order == ["python", "awaited", "python", "awaited"]
    assert [[run["steady_rate"] for run in cell.runs] for cell in cells] == [[1, 3], [2, 4]]


@pytest.mark.parametrize(
    ("arguments", "sections", "published"),
    [
        ((), list(SECTIONS), True),
        (("--runs", "5"), list(SECTIONS), True),
        (("--quick",), list(SECTIONS), False),
        (("loss",), ["loss"], False),
        (("loss", "cold", "--runs", "5"), ["loss", "cold"], False),
    ],
)
def test_only_a_full_run_is_published(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sections: list[str], published: bool
) -> None:
    measured: list[str] = []
    written: list[Results] = []
    results = Results(ABOUT)

    def measure(chosen: list[str], sizes: Sizes, _options: argparse.Namespace) -> Results:
        measured.extend(chosen)
        return results

    monkeypatch.setattr(sys, "argv", ["bench", *arguments])
    monkeypatch.setattr(bench, "measure", measure)
    monkeypatch.setattr(bench, "publish", written.append)
    bench.main()
    assert measured == sections
    assert written == ([results] if published else [])
