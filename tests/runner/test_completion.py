"""Completion in the shell: what argcomplete receives for a command line."""

import argparse
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import argcomplete
import pytest
from elasticio import cli

COMPONENT = Path(__file__).parent / "flow_component"
Complete = Callable[[str], set[str]]


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> Complete:
    """Return the completions of a command line, as the shell's function requests them."""
    output = io.StringIO()
    autocomplete = argcomplete.autocomplete

    def into_output(parser: argparse.ArgumentParser) -> None:
        autocomplete(parser, exit_method=sys.exit, output_stream=output)

    monkeypatch.setattr(argcomplete, "autocomplete", into_output)
    # argcomplete takes descriptor 9, which may be one of the test runner
    monkeypatch.setattr("argcomplete.finders.CompletionFinder._init_debug_stream", lambda _: None)
    monkeypatch.chdir(COMPONENT)
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    monkeypatch.setenv("_ARGCOMPLETE_IFS", "\n")

    def request(line: str) -> set[str]:
        output.seek(0)
        output.truncate()
        monkeypatch.setenv("COMP_LINE", line)
        monkeypatch.setenv("COMP_POINT", str(len(line)))
        with pytest.raises(SystemExit) as ended:
            cli.main([])
        assert ended.value.code == 0
        return {word.strip() for word in output.getvalue().split("\n")}

    return request


def test_functions_are_completed_from_the_component(complete: Complete) -> None:
    assert {"count", "hook", "flaky", "act"} <= complete("elasticio exec ")
    assert complete("elasticio exec co") == {"copy", "count"}


def test_the_component_of_the_command_line_is_used(complete: Complete, tmp_path: Path) -> None:
    (tmp_path / "component.json").write_text(json.dumps({"actions": {"other": {}}}))
    assert complete(f"elasticio exec --component {tmp_path} o") == {"other"}
    assert complete("elasticio exec --component /nowhere o") == {""}


def test_select_fields_are_completed(complete: Complete) -> None:
    assert complete("elasticio exec flaky --select ") == {"mode"}


def test_commands_and_files_are_completed(complete: Complete) -> None:
    assert {"flow", "exec", "run", "service"} <= complete("elasticio ")
    assert complete("elasticio flow r") == {"run"}
    assert "component.json" in complete("elasticio flow check ")
    assert "flowtest_act.py" not in complete("elasticio flow check ")
