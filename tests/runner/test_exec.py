"""`elasticio exec`: runs one function once."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from elasticio import ComponentError
from elasticio.cli import main
from elasticio_runner.errors import FlowError
from elasticio_runner.exec import Call, execute
from elasticio_runner.exec_events import Event

COMPONENT = Path(__file__).parent / "flow_component"


def run(
    function: str, environ: dict[str, str] | None = None, save: Path | None = None, **call: Any
) -> tuple[bool, list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    went_well = execute(Call(function, COMPONENT, **call), environ or {}, out, err, save)
    return went_well, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_events_are_printed_in_order() -> None:
    went_well, events, told = run("count", config={"items": 2}, snapshot={"next": 5})
    assert went_well
    assert [event["event"] for event in events] == ["data", "data", "updateSnapshot"]
    assert [event["body"]["number"] for event in events[:2]] == [5, 6]
    assert set(events[0]) == {"event", "body"}
    assert events[2]["snapshot"] == {"next": 7}
    assert told == ""


def test_a_failure_is_printed_and_sets_the_result() -> None:
    went_well, events, told = run("act", body={"fail": "no good"})
    assert not went_well
    assert events == []
    place, reason = told.splitlines()[-2:]
    assert place.startswith("sailor: act failed with ValueError (")
    assert "flowtest_act.py" in place
    assert reason == "ValueError: no good"


def test_a_rebound_is_printed_and_sets_the_result() -> None:
    went_well, [event], told = run("act", body={"always": True})
    assert not went_well
    assert event == {"event": "rebound", "reason": "never ready"}
    assert "exec does not retry" in told


def test_the_config_may_name_variables() -> None:
    config = {"items": 1, "secret": "${SECRET}"}
    _, events, _ = run("count", {"SECRET": "s3"}, config=config)
    assert events[0]["body"]["secret"] == "s3"
    with pytest.raises(FlowError, match="SECRET is not set"):
        run("count", config=config)


def test_files_are_attached_and_saved(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("content")
    _, [event], _ = run("copy", files=(tmp_path / "in.txt",), save=tmp_path / "out")
    assert event["attachments"]["copy of in.txt"]["size"] == 7
    assert (tmp_path / "out" / "copy of in.txt").read_text() == "content"


def test_many_events_are_not_held_back_by_rate_limits() -> None:
    _, events, _ = run("count", config={"items": 3000})
    assert len(events) == 3001


def test_a_misspelled_function_gets_a_hint() -> None:
    with pytest.raises(FlowError, match="no trigger or action 'cuont'; did you mean 'count'"):
        run("cuont")


def test_a_function_that_cannot_be_loaded_is_an_error() -> None:
    with pytest.raises(ComponentError, match="the component does not contain this file"):
        run("broken")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["act", "--body", '{"x": 1}'], 0),
        (["act", "--body", "@BODY"], 0),
        (["act", "--body", '{"fail": "no"}'], 1),
        (["none"], 1),
        (["act", "--file", "/nowhere"], 1),
    ],
)
def test_the_exit_code_is_1_after_a_failure(
    arguments: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "body.json").write_text('{"x": 1}')
    given = [argument.replace("@BODY", f"@{tmp_path}/body.json") for argument in arguments]
    assert main(["exec", *given, "--component", str(COMPONENT)]) == code
    out, err = capsys.readouterr()
    if code == 0:
        assert json.loads(out) == {"event": "data", "body": {"x": 1}}
    else:
        assert out == ""
        assert "Traceback" not in err
        assert err.splitlines()[-1].startswith(("ValueError: no", "the component has no", "the file /nowhere"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--body", "{"], "argument --body: not valid JSON"),
        (["--body", "@/nowhere"], "argument --body: /nowhere cannot be read"),
        (["--config", "[]"], "argument --config: must be a JSON object"),
        (["--component", "/nowhere"], "argument --component: /nowhere is not a folder. Name the folder that contains"),
        (["--component", str(COMPONENT / "component.json")], "component.json is not a folder. Name the folder that"),
        (["--component", str(COMPONENT.parent)], f"{COMPONENT.parent} has no component.json. Name the folder of a"),
    ],
)
def test_invalid_arguments_are_errors(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["exec", "act", *arguments])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_property_of_a_message_does_not_replace_the_name_of_the_event() -> None:
    assert Event("data", {"event": "x", "body": 1}).as_json() == {"event": "data", "body": 1}


def test_several_configs_are_merged(capsys: pytest.CaptureFixture[str]) -> None:
    configs = ["--config", '{"items": 1, "secret": "a"}', "--config", '{"secret": "b"}']
    assert main(["exec", "count", *configs, "--component", str(COMPONENT)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["body"]["secret"] == "b"


def test_the_current_folder_has_no_component(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["exec", "count"])
    assert "argument --component: the current folder has no component.json." in capsys.readouterr().err


def test_an_error_of_the_start_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exec", "broken", "--component", str(COMPONENT)]) == 1
    assert capsys.readouterr().err.count("flowtest_missing.py") == 1
