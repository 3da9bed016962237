"""The trace counts files, functions and hops, and compares them with the goals."""

from collections import Counter
from pathlib import Path

import pytest

from bench import trace
from bench.runtimes import ROOT
from bench.trace import GOALS, Goal, Trace


def test_files_and_hops_are_those_of_calls_between_files() -> None:
    found = Trace(Counter({(None, "sdk/a.py"): 1, ("sdk/a.py", "lib/b.py"): 2, ("lib/b.py", "lib/b.py"): 5}))
    assert found.files == ["lib/b.py", "sdk/a.py"]
    assert found.hops == 3
    assert found.calls_into("lib/b.py") == 7


def test_only_functions_of_the_sdk_and_the_component_are_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Trace()
    code = compile("0", str(ROOT / "sdk/elasticio/x.py"), "exec")
    assert found.file(code) == "sdk/elasticio/x.py"
    assert found.file(compile("0", str(ROOT / "bench/x.py"), "exec")) is None
    assert found.file(compile("0", str(Path("/usr/lib/python3/json.py")), "exec")) is None


@pytest.mark.parametrize(("files", "hops", "missed"), [(2, 3, 0), (1, 3, 1), (1, 2, 2), (2, None, 0)])
def test_a_number_above_its_goal_misses_the_goal(files: int, hops: int | None, missed: int) -> None:
    found = Trace(Counter({(None, "sdk/a.py"): 1, ("sdk/a.py", "lib/b.py"): 2}))
    assert len(found.misses(Goal(files, hops))) == missed


def test_a_missed_goal_is_printed_and_sets_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    good = Trace(Counter({(None, "sdk/a.py"): 1}))
    assert trace.report(dict.fromkeys(GOALS, good)) == 0
    assert "All goals are reached." in capsys.readouterr().out
    bad = Trace(Counter({("x", f"sdk/{number}.py"): 1 for number in range(66)}))
    assert trace.report({"getCall": bad}, ["getCall"]) == 1
    printed = capsys.readouterr().out
    assert "getCall: 66 files, the goal is at most 27" in printed
    assert "getCall: 66 hops, the goal is at most 65" in printed
    assert "     1  sdk/7.py" in printed
