"""`elasticio exec` with the methods of the designer, its check of the form, and its tracebacks."""

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticio.cli import main
from elasticio_runner.display import print_redirect
from elasticio_runner.exec import Call
from elasticio_runner.exec import execute as execute_function

MODULE = """
import logging

print("imported")

def process(step, message, config, snapshot):
    step.logger.debug("a debug line")
    try:
        {}["secret"]
    except KeyError as error:
        raise ValueError("no good") from error

def colors(config):
    print("model")
    return {"r": config["key"]}

def failing(config):
    raise LookupError("no colors")

def get_meta_model(config):
    return {"in": {"title": config["start"]}, "out": {}}
"""
FORM = {
    "color": {"viewClass": "SelectView", "label": "Color", "model": "colors"},
    "failing": {"viewClass": "SelectView", "model": "failing"},
    "shade": {"viewClass": "SelectView", "model": "colors", "require": ["size"]},
    "size": {"viewClass": "SelectView", "label": "Size", "model": {"s": "Small", "m": "Medium"}},
    "wide": {"viewClass": "CheckBoxView", "required": True},  # the designer ignores `required` here
    "name": {"viewClass": "TextFieldView"},
    "tags": {"viewClass": "MultiSelectView", "model": "colors"},
}
START = {"start": {"viewClass": "TextFieldView", "label": "Start", "required": True}}
DESCRIPTOR = {
    "credentials": {"fields": {"key": {"viewClass": "PasswordFieldView", "label": "Key", "required": True}}},
    "triggers": {"poll": {"main": "exec_service_case.py", "type": "polling", "dynamicMetadata": True, "fields": START}},
    "actions": {"act": {"main": "exec_service_case.py", "fields": FORM, "metadata": {"in": {"type": "object"}}}},
}


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exec-service")
    (folder / "exec_service_case.py").write_text(MODULE)
    (folder / "component.json").write_text(json.dumps(DESCRIPTOR))
    return folder


@pytest.fixture(autouse=True)
def level() -> Iterator[None]:
    before = os.environ.pop("LOG_LEVEL", None)
    yield
    os.environ.pop("LOG_LEVEL", None)
    if before is not None:
        os.environ["LOG_LEVEL"] = before


def run(component: Path, *arguments: str, config: dict[str, Any] | None = None) -> int:
    given = {"key": "K"} if config is None else config
    return main(["exec", *arguments, "--component", str(component), "--config", json.dumps(given)])


@pytest.mark.parametrize(
    ("arguments", "config", "result"),
    [
        (["--verify"], {"key": "K"}, {"verified": True}),
        (["act", "--select", "color"], {"key": "K"}, {"r": "K"}),
        (["act", "--select", "size"], {}, {"s": "Small", "m": "Medium"}),
        (["act", "--select", "shade"], {"key": "K", "size": "s"}, {"r": "K"}),
        (["act", "--metadata"], {}, {"in": {"type": "object"}, "out": {}}),
        (["poll", "--metadata"], {"start": "now"}, {"in": {"title": "now"}, "out": {}}),
    ],
)
def test_only_the_result_is_on_standard_output(
    component: Path, arguments: list[str], config: dict[str, Any], result: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(component, *arguments, config=config) == 0
    assert json.loads(capfd.readouterr().out) == result


@pytest.mark.parametrize(
    ("arguments", "config", "told"),
    [
        (["--verify"], {}, ['config: "key" (Key) is missing; add it, e.g. "key": "${KEY}"']),
        (["--verify"], {"key": ""}, ["config.key: Key is required, but empty; set a value"]),
        (["--verify"], {"key": "${NO_SUCH_KEY}"}, ["config.key: the environment variable NO_SUCH_KEY is not set"]),
        (["act", "--select", "color"], {}, ['config: "key" (Key) is missing']),
        (["act", "--select", "shade"], {"key": "K"}, ['config: "size" (Size) is missing']),
        (["poll", "--metadata"], {}, ['config: "start" (Start) is missing; add it']),
        (["act", "--select", "colour"], {"key": "K"}, ["act: there is no field 'colour'; did you mean 'color'?"]),
        (["act", "--select", "failing"], {"key": "K"}, ["failing of act raised LookupError: no colors"]),
        (["atc", "--metadata"], {}, ["the component has no trigger or action 'atc'; did you mean 'act'?"]),
        (
            ["act"],
            {"size": "x", "wide": "maybe", "name": {"a": 1}, "tags": True, "colr": "r", "_account": "a"},
            [
                'config: "key" (Key) is missing',
                "config.colr: unknown field of act and of the credentials; did you mean 'color'?",
                "config.name: must be a text, not an object; write it in quotes",
                "config.size: 'x' is not one of the choices",
                "config.tags: must be a list of choices",
                "config.wide: a check box has the value true or false",
            ],
        ),
    ],
)
def test_the_form_is_checked_before_the_component_runs(
    component: Path, arguments: list[str], config: dict[str, Any], told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(component, *arguments, config=config) == 1
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if line not in {"imported", "model"}]
    assert out == ""
    assert len(lines) == len(told)
    for line, start in zip(sorted(lines), sorted(told), strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize("value", [True, "true", "on", "", None, False])
def test_a_check_box_has_the_values_of_the_designer(component: Path, value: object) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert not execute_function(Call("act", component, config={"key": "K", "wide": value}), {}, out, err)
    assert "ValueError: no good" in err.getvalue()  # the function ran


@pytest.mark.parametrize(
    ("source", "out", "err"),
    [
        ("def verify(config): raise ValueError('no access')", '{"verified": false, "reason": "no access"}\n', ""),
        ("verify = 5", "", "verify_credentials.py has no function verify(config)\n"),
    ],
)
def test_invalid_credentials_have_code_1(
    tmp_path: Path, source: str, out: str, err: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "component.json").write_text("{}")
    (tmp_path / "verify_credentials.py").write_text(source)
    before = sys.modules.pop("verify_credentials", None)
    try:
        assert run(tmp_path, "--verify", config={}) == 1
    finally:
        sys.modules.pop("verify_credentials", None)
        if before:
            sys.modules["verify_credentials"] = before
    assert capfd.readouterr() == (out, err)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "the following arguments are required: FUNCTION"),
        (["act", "--verify"], "--verify checks the credentials of the component; omit FUNCTION"),
        (["act", "--select", ""], "argument --select: name a field"),
        (["act", "--body", "@"], "argument --body: name a file after @"),
    ],
)
def test_arguments_that_do_not_fit_run_nothing(
    component: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(component, *arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_verbose_shows_the_frames_of_the_component(component: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(component, "act", "-v") == 1
    err = capsys.readouterr().err
    assert "component: a debug line" in err
    assert err.count("Traceback (most recent call last):") == 2
    assert 'raise ValueError("no good") from error' in err
    assert "ValueError: no good" in err
    assert "KeyError: " not in err  # the texts of causes may be secret
    assert "execution.py" not in err
    assert run(component, "act") == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "debug line" not in err


def test_verbose_shows_where_a_model_failed(component: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(component, "act", "--select", "failing", "-v") == 1
    err = capsys.readouterr().err
    assert 'raise LookupError("no colors")' in err
    assert "service.py" not in err


@pytest.mark.parametrize(("name", "is_shown"), [("debug", True), ("info", False)])
def test_the_level_of_the_environment_is_used(
    component: Path, name: str, is_shown: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    os.environ["LOG_LEVEL"] = name
    assert run(component, "act") == 1
    assert ("a debug line" in capsys.readouterr().err) == is_shown


def test_an_unknown_level_is_an_error(component: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["LOG_LEVEL"] = "loud"
    assert run(component, "act") == 1
    assert capsys.readouterr().err.startswith("LOG_LEVEL: must be one of trace, debug")


@pytest.mark.parametrize(("status", "code"), [(3, 3), (0, 1)])
def test_a_component_that_ends_the_process_is_reported(status: int, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    err = io.StringIO()
    with print_redirect.shows_exit(err):
        os._exit(status)
    assert codes == [code]
    assert err.getvalue() == f"the component ended the process with os._exit({status})\n"


def test_verify_without_a_check_says_that_all_credentials_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "component.json").write_text("{}")
    assert main(["exec", "--verify", "--component", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"verified": True}
    assert err == "The component has no verify_credentials.py: the platform accepts all credentials.\n"
