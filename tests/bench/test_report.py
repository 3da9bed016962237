"""Metrics, tables and goals of example results."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import report
from bench.goals import Goal, goal_rows
from bench.results import Cell, Ratio, Results
from bench.runs import Sample, metrics

ABOUT = {
    "date": "2026-01-31",
    "cores": 2,
    "processor": "a processor",
    "memory_gb": 8,
    "system": "Linux 6",
    "runs": 3,
    "versions": {"Python": "3.11"},
}


def cell(runtime: str, prefetch: int, *rates: float, section: str = "throughput", **facts: Any) -> Cell:
    runs = [{"steady_rate": rate, "whole_rate": rate / 2, "steady_cpu_ms": 1.0, "peak_rss_mb": 50.0} for rate in rates]
    return Cell(section, runtime, {"function": "getCall", "prefetch": prefetch, **facts}, runs)


MADE_UP = Results(
    ABOUT,
    [
        cell("python", 1, 900, 1000, 1200),
        cell("not_awaited", 1, 600, 400, 500),
        cell("no_nagle", 1, 250, 250, 260),
        cell("python", 10, 1500, 1500, 1500),
        cell("not_awaited", 10, 1250, 1250, 1250),
        Cell("cold", "python", {"function": "getCall"}, [{"cold_s": 0.2}]),
        Cell("cold", "not_awaited", {"function": "getCall"}, [{"cold_s": 0.8}]),
        Cell("loss", "python", {"function": "getCall", "prefetch": 10}, [{"lost": 0, "twice": 4}] * 3),
        Cell("loss", "not_awaited", {"function": "getCall", "prefetch": 10}, [{"lost": 7, "twice": 0}] * 3),
    ],
)

POLLED = {"whole_rate": 1000.0, "peak_rss_mb": 60.0, "items": 5000.0}


def rows(text: str) -> list[list[str]]:
    return [[part.strip() for part in line.strip("|").split("|")] for line in text.splitlines() if line]


def test_a_cell_is_shown_with_its_median_and_spread() -> None:
    ours = cell("python", 1, 900, 1000, 1200)
    assert ours.median("steady_rate") == 1000
    assert ours.spread("steady_rate") == pytest.approx(0.3)
    assert report.measured(ours, "steady_rate") == "1,000 ±15 %"


def test_the_steady_state_begins_after_a_fifth_of_the_results() -> None:
    samples = [
        Sample(10, 0, 0),
        Sample(11, 100, 300),  # a slow start
        Sample(12, 200, 400),
        Sample(14, 1000, 1200),
        Sample(15, 1000, 1300),  # idle
    ]
    found = metrics(10, samples)
    assert found == {
        "results": 1000,
        "steady_rate": 400,
        "whole_rate": 250,
        "steady_cpu_ms": 1.0,
        "whole_cpu_ms": 1.2,
    }


def test_a_table_has_one_row_per_point_with_ratios() -> None:
    header, _, first, second = rows(report.metric_table(MADE_UP, "throughput", "steady_rate"))
    assert header == [
        "function",
        "prefetch",
        "Python",
        "Node, not awaited",
        "ratio",
        "Node, awaited, no Nagle",
        "ratio",
    ]
    ratios = ["500 ±20 %", "2.40 (1.50 to 2.50)", "250 ±2 %", "4.00 (3.60 to 4.62)"]
    assert first == ["getCall", "1", "1,000 ±15 %", *ratios]
    assert second == ["getCall", "10", "1,500 ±0 %", "1,250 ±0 %", "1.20", "-", "-"]


def test_goals_are_compared_with_their_ratios() -> None:
    verdicts = {row[0]: row[1:] for row in rows(report.goal_table(MADE_UP))[2:]}
    rate = "getCall: messages per second, ratio to Node, {}"
    missed = "**not reached**: prefetch 10"
    assert verdicts[rate.format("not awaited")] == ["1 / 10", "≥ 1.3 / 1.5", "2.40 / 1.20", missed]
    assert verdicts[rate.format("awaited, no Nagle")] == ["1", "≥ 2", "4.00", "reached"]
    assert "sendTexts: messages per second, ratio to Node, not awaited" not in verdicts  # not measured: no claim
    assert verdicts["Cold start, ratio"] == ["getCall", "≤ 0.35", "0.25", "reached"]
    memory = "**not reached**: prefetch 1, prefetch 10"
    assert verdicts["getCall: peak memory, ratio"] == ["1 / 10", "≤ 0.3", "1.00 / 1.00", memory]
    assert verdicts["Lost messages in a kill"] == ["10", "≤ 0", "0", "reached"]


def test_goals_of_python_alone_combine_the_runs() -> None:
    facts = {"function": "getCall", "target": "50 ms latency", "prefetch": 10}
    shares = Cell("latency", "python", facts, [{"share": 0.9}, {"share": 0.96}, {"share": 0.97}])
    lost = [{"lost": 0, "twice": 0}, {"lost": 2, "twice": 0}]
    results = Results(ABOUT, [shares, Cell("complete", "python", {"function": "getCall", "prefetch": 50}, lost)])
    verdicts = {row[0]: row[1:] for row in rows(report.goal_table(results))[2:]}
    assert verdicts["API with 50 ms latency: share of the limit"] == ["10", "≥ 0.95", "0.96", "reached"]
    assert verdicts["Lost messages without a kill"] == ["50", "≤ 0", "2", "**not reached**"]
    assert verdicts["Duplicated messages without a kill"] == ["50", "≤ 0", "0", "reached"]


def test_every_goal_is_a_metric_of_its_section() -> None:
    known = {
        "throughput": {"steady_rate", "steady_cpu_ms", "peak_rss_mb"},
        "cold": {"cold_s"},
        "latency": {"share"},
        "polling": {"whole_rate", "items", "growth_mb"},
        "complete": {"lost", "twice"},
        "loss": {"lost"},
    }
    assert all(goal.metric in known[goal.section] for row in goal_rows() for goal in row.goals)


def test_a_ratio_is_of_runs_of_the_same_turn() -> None:
    facts = {"function": "getCall", "prefetch": 1}
    slow_at_last = Results(ABOUT, [cell("python", 1, 900, 1000, 100), cell("awaited", 1, 600, 500, 50)])
    assert slow_at_last.ratio("steady_rate", "throughput", "awaited", **facts) == Ratio(2.0, 1.5, 2.0)
    assert slow_at_last.ratio("steady_rate", "throughput", "no_nagle", **facts) is None


def test_a_peer_without_results_has_no_ratio() -> None:
    stuck = Results(ABOUT, [cell("python", 1, 900, 1000), cell("awaited", 1, 0, 500)])
    assert stuck.ratio("steady_rate", "throughput", "awaited", function="getCall", prefetch=1) is None


@pytest.mark.parametrize(("at_least", "reached"), [(True, [False, True, True]), (False, [True, True, False])])
def test_a_ratio_equal_to_the_bound_reaches_the_goal(at_least: bool, reached: list[bool]) -> None:
    goal = Goal("a", "b", "c", 1.0, at_least, {})
    assert [goal.reached(ratio) for ratio in (0.9, 1.0, 1.1)] == reached


def test_the_sandbox_has_one_small_table() -> None:
    runtimes = [cell(runtime, 10, 100, 200, section="sandbox") for runtime in ("python", "awaited")]
    part = report.details(Results(ABOUT, runtimes)).split("### With the sandbox as target\n")[1]
    assert [line for line in part.splitlines() if line and not line.startswith("|")] == [
        "Steady state at prefetch 10, messages per second:"
    ]
    assert rows(part)[-1] == ["getCall", "150 ±33 %", "150 ±33 %", "1.00"]


def test_a_run_of_one_section_has_only_its_tables() -> None:
    text = report.details(Results(ABOUT, [Cell("polling", "python", {"function": "newInboundTexts"}, [POLLED])]))
    assert [line for line in text.splitlines() if line.startswith("#")] == ["### A polling backlog"]


def test_a_spread_that_rounds_to_zero_is_not_shown() -> None:
    assert report.times(Ratio(0.292, 0.291, 0.293)) == "0.29"
    assert report.times(Ratio(39.27, 38.1, 40.2)) == "39.3 (38.1 to 40.2)"


def test_losses_are_the_maximum_of_all_runs() -> None:
    text = report.details(MADE_UP)
    lost, twice = text.split("### A kill")[1].split("Duplicated results")
    assert rows(lost.split("\n\n")[2])[2] == ["getCall", "0", "7", "-", "-"]
    assert ["getCall", "4", "0", "-", "-"] in rows(twice)


def test_facts_that_match_several_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="more than one cell"):
        MADE_UP.cell("throughput", "python", function="getCall")


def test_results_are_read_from_their_json(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(MADE_UP.to_json())
    assert Results.read(path) == MADE_UP
    assert report.details(Results.read(path)) == report.details(MADE_UP)
    assert report.summary(Results.read(path)) == report.summary(MADE_UP)


def test_the_file_contains_the_range_of_each_ratio() -> None:
    written = {
        (each["runtime"], each["facts"].get("prefetch")): each for each in json.loads(MADE_UP.to_json())["cells"]
    }
    ratios = written["not_awaited", 1]["ratios"]
    assert ratios["steady_rate"] == {"median": 2.4, "lowest": 1.5, "highest": 2.5}
    assert ratios["steady_cpu_ms"] == {"median": 1.0, "lowest": 1.0, "highest": 1.0}
    assert written["python", 1]["ratios"] == {}
    assert written["not_awaited", 1]["runs"] == MADE_UP.cells[1].runs


def test_the_summary_has_a_row_for_each_function_and_prefetch() -> None:
    header, _, first, second = rows(report.summary_table(MADE_UP))
    assert header[2:4] == ["Python, messages per second", "ratio to Node, not awaited"]
    assert first == ["getCall", "1", "1,000", "2.40", "4.00", "1.00", "1.00"]
    assert second == ["getCall", "10", "1,500", "1.20", "-", "1.00", "1.00"]


def test_the_summary_shows_a_loss_in_one_of_several_runs() -> None:
    runs = [{"lost": 0.0, "twice": 0.0}, {"lost": 3.0, "twice": 0.0}, {"lost": 0.0, "twice": 0.0}]
    results = Results(ABOUT, [Cell("loss", "awaited", {"function": "getCall", "prefetch": 10}, runs)])
    assert rows(report.cost_table(results))[2] == [
        "lost of 600 in a kill, maximum, prefetch 10",
        "-",
        "-",
        "3",
        "-",
        "-",
    ]


def test_sections_of_an_older_file_are_dated_and_not_saved_again(tmp_path: Path) -> None:
    older = Results(
        {**ABOUT, "date": "2025-12-24"},
        [cell("python", 10, 100, section="growth"), cell("python", 10, 1, section="throughput")],
    )
    both = MADE_UP.with_older(older)
    text = report.details(both)
    assert "### Several processes on one queue\n\nMeasured on 2025-12-24, with an older version.\n" in text
    assert text.count("older version") == 1
    assert both.cell("throughput", "python", prefetch=10) == MADE_UP.cell("throughput", "python", prefetch=10)
    assert both.without_older() == MADE_UP
