"""`elasticio check`: the files of a component, the options and the exit code."""

import json
import re
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from elasticio.cli import main
from elasticio_runner.check import json_file
from elasticio_runner.check.examine import examine
from elasticio_runner.check.modules import ImportedModule, imported
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runner.small_component import FUNCTION, SMALL

PROCESS = "def process(step, message, config, snapshot):\n    return None\n"
MODULE = f"{PROCESS}\ndef get_meta_model(config):\n    return {{}}\n"
VERIFY = "def verify(config):\n    return True\n"
ICON = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 128, 128)
FILES: dict[str, str | bytes] = {
    "component.json": json.dumps(SMALL["component"], indent=1),
    "in.json": json.dumps(SMALL["schemas"]["doIt"]["in"]),
    "out.json": json.dumps(SMALL["schemas"]["doIt"]["out"]),
    "lib/do_it.py": MODULE,
    "verify_credentials.py": VERIFY,
    "logo.png": ICON,
}


def component(folder: Path, **changes: str | bytes | None) -> Path:
    """Write the small component with other files; a dot in a name is written as two underscores, a slash as three."""
    for name, content in (FILES | {_path(name): content for name, content in changes.items()}).items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _path(name: str) -> str:
    return name.replace("___", "/").replace("__", ".")


def descriptor(**changes: Any) -> str:
    return json.dumps({**SMALL["component"], **changes}, indent=1)


def named_functions(folder: Path, mains: Sequence[str]) -> Mapping[str, ImportedModule]:
    """Return the functions of modules without importing them."""
    texts = {main: (folder / main).with_suffix(".py").read_text() for main in mains}
    return {main: ImportedModule(frozenset(re.findall(r"def (\w+)", text))) for main, text in texts.items()}


def problems(folder: Path) -> list[str]:
    return list(examine(folder, named_functions).texts())


def test_a_sound_component_has_no_problems(tmp_path: Path) -> None:
    assert problems(component(tmp_path)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"component__json": None}, "component.json:1: error: the file: the file cannot be read (No such file"),
        ({"component__json": "{\n}]"}, "component.json:2: error: the file: not valid JSON: Extra data"),
        ({"component__json": b"\xff"}, "component.json:1: error: the file: the file is not in UTF-8. Save"),
        ({"component__json": "[]"}, "component.json:1: error: the file: must be an object, not a list. Correct"),
        ({"component__json": "null"}, "component.json:1: error: the file: must be an object, not null."),
        ({"component__json": '{"title": "a",\n"title": "b"}'}, "component.json:2: error: title: the key occurs twice"),
        ({"in__json": None}, "error: actions.doIt.metadata.in: there is no file ./in.json. Create"),
        ({"in__json": '{"type":\n'}, "in.json:2: error: the file: not valid JSON"),
        ({"in__json": "3"}, "in.json:1: error: the file: must be an object, not a number."),
        (
            {"in__json": '{"type": "object", "properties": {"a": 1}}'},
            "in.json:1: error: properties.a: must be an object",
        ),
        (
            {"in__json": '{"type": "object", "properties": {"a": {"type": "number", "minimum": "1"}}}'},
            "in.json:1: error: properties.a.minimum: not valid JSON Schema: '1' is not of type 'number'. Correct",
        ),
        ({"lib___do_it__py": None}, "error: actions.doIt.main: there is no file ./lib/do_it.py. Create"),
        ({"lib___do_it__py": "value = 1\n"}, "error: actions.doIt.main: ./lib/do_it.py has no function process."),
        (
            {"verify_credentials__py": "check = 1\n"},
            "verify_credentials.py:1: error: the file: verify_credentials.py has no",
        ),
        ({"verify_credentials__py": None}, "warning: credentials: the platform cannot verify"),
        ({"logo__png": None}, "logo.png:1: warning: the file: there is no logo.png"),
        ({"logo__png": "no picture"}, "logo.png:1: warning: the file: there is no logo.png"),
        (
            {"logo__png": ICON[:16] + struct.pack(">II", 64, 32)},
            "the logo has 64 by 32 pixels. Add a PNG of 128 by 128",
        ),
    ],
)
def test_a_problem_of_a_file_is_found(changes: dict[str, Any], problem: str, tmp_path: Path) -> None:
    found = problems(component(tmp_path, **changes))
    assert any(problem in text for text in found), found


FAULTS = {
    "raises.py": ("\nraise OSError('no disk')\n", "OSError: no disk at raises.py:2"),
    "ends.py": ("import sys\nsys.exit(3)\n", "SystemExit: 3 at ends.py:2"),
    "interrupts.py": ("raise KeyboardInterrupt\n", "KeyboardInterrupt at interrupts.py:1"),
    "kills.py": ("import os\nos._exit(4)\n", "the import ended the process with exit code 4"),
    "lacks.py": ("import no_package\n", "ModuleNotFoundError: No module named 'no_package' at lacks.py:1"),
    "broken": ("def process(\n", "SyntaxError: '(' was never closed (broken.py, line 1) at broken.py:1"),
    "json.py": ("", "has the same module name json. Rename one of the two"),
    "hostile.py": (
        "class E(Exception):\n    def __str__(self): 1/0\nraise E\n",
        "ZeroDivisionError: division by zero at hostile.py:2",
    ),
}


def test_a_module_that_cannot_be_imported_is_a_problem_and_the_others_are_imported(tmp_path: Path) -> None:
    for name, text in {name: text for name, (text, _) in FAULTS.items()}.items():
        (tmp_path / name).with_suffix(".py").write_text(text)
    (tmp_path / "last.py").write_text(MODULE)
    found = imported(tmp_path, [*FAULTS, "last.py"])
    for name, (_, fault) in FAULTS.items():
        assert fault in found[name].fault
        assert found[name].names == frozenset()
    assert found["last.py"].names == {"process", "get_meta_model"}


def test_functions_that_the_runtime_cannot_call_are_problems(tmp_path: Path) -> None:
    wrong = "async def process(step, message, config, snapshot): ...\n\ndef get_meta_model(): ...\n"
    folder = component(tmp_path, lib___do_it__py=wrong, verify_credentials__py="def verify(): ...\n")
    found = list(examine(folder).texts())
    assert any(
        "actions.doIt.main: process of ./lib/do_it.py is async. Define process(step, message, config, snapshot) as"
        in text
        for text in found
    )
    assert any("get_meta_model of ./lib/do_it.py cannot be called with one argument. Define" in text for text in found)
    assert found[-1] == (
        "verify_credentials.py:1: error: the file: verify cannot be called with one argument. "
        "Define verify(config) as a plain function."
    )


def test_an_import_fault_is_reported_where_the_module_is_named(tmp_path: Path) -> None:
    folder = component(tmp_path, lib___do_it__py="1/0\n", verify_credentials__py="1/0\n")
    module, verification = examine(folder).texts()
    reason = "cannot be imported: ZeroDivisionError: division by zero at"
    assert f"error: triggers.watch.main: ./lib/do_it.py {reason} lib/do_it.py:1. Correct" in module
    start = "verify_credentials.py:1: error: the file: verify_credentials.py"
    assert verification.startswith(f"{start} {reason} verify_credentials.py:1. Correct")


def test_all_problems_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    action = {**FUNCTION, "type": 5, "fields": {"a": {"viewClass": "X"}, "b": []}, "order": True}
    text = json.dumps({"title": 1, "version": "v1", "triggers": [], "actions": {"doIt": action}}, indent=1)
    found = problems(component(tmp_path, component__json=text))
    expected = [
        "component.json:2: error: title: must be a text, not a number. Correct the value.",
        "component.json:3: error: version: 'v1' is not a semantic version.",
        "component.json:4: error: triggers: must be an object, not a list.",
        "component.json:14: error: actions.doIt.order: must be a number or a text, not true.",
        "component.json:15: error: actions.doIt.type: must be a text, not a number.",
        "component.json:18: error: actions.doIt.fields.a.viewClass: 'X' is not a view class.",
        "component.json:20: error: actions.doIt.fields.b: must be an object, not a list.",
    ]
    errors = [text for text in found if ": error: " in text]
    assert [text.startswith(start) for text, start in zip(errors, expected, strict=True)] == [True] * len(expected), (
        errors
    )


@pytest.mark.parametrize("main", ["../do_it.py", "/etc/hostname", "a\0b", "\ud800", "x" * 5000, "", ".", "lib"])
def test_a_path_that_leads_to_no_module_is_a_problem(main: str, tmp_path: Path) -> None:
    (tmp_path / "do_it.py").write_text(MODULE)
    actions = {"doIt": {**FUNCTION, "main": main, "metadata": {"in": main, "out": main}}}
    found = problems(component(tmp_path / "component", component__json=descriptor(actions=actions)))
    assert any("actions.doIt.m" in text and ": error: " in text for text in found)


def test_a_module_may_print_and_leave_threads(tmp_path: Path) -> None:
    noisy = "import sys, threading\nprint('{}')\nprint('x', file=sys.stderr)\n"
    waiting = "threading.Thread(target=threading.Event().wait).start()\n"
    assert list(examine(component(tmp_path, lib___do_it__py=noisy + waiting + MODULE)).texts()) == []


def test_an_import_that_does_not_end_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import threading\nthreading.Event().wait()\n")
    found = imported(tmp_path, ["a.py"], time_limit=1)
    assert found["a.py"].fault == "the import did not end within 1 s"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_file, "LARGEST", 10)
    [problem] = problems(component(tmp_path))
    assert problem == "component.json:1: error: the file: the file is larger than 10 bytes. Split or shorten the file."


@pytest.mark.parametrize("levels", [63, 64, 65, 5000])
def test_a_deep_schema_is_no_crash(levels: int, tmp_path: Path) -> None:
    schema = '{"items":' * levels + "{}" + "}" * levels
    assert problems(component(tmp_path, in__json=schema))


def test_the_exit_code_tells_errors_from_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = str(component(tmp_path / "sound"))
    warned = str(component(tmp_path / "warned", logo__png=None))
    broken = str(component(tmp_path / "broken", in__json=None))
    assert [
        main(["check", *options]) for options in (["--strict", sound], [warned], ["--strict", warned], [broken])
    ] == [*(0, 0, 1, 1)]
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert err.splitlines() == [
        "0 errors, 0 warnings",
        "0 errors, 1 warning",
        "0 errors, 1 warning",
        "1 error, 0 warnings",
    ]


def test_the_default_is_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(component(tmp_path, logo__png=None))
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("logo.png:1: warning: ")


@pytest.mark.parametrize("arguments", [["/nowhere"], ["a\0b"]])
def test_invalid_arguments_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", *arguments])
    assert ended.value.code == 2
    assert "elasticio check: error: " in capsys.readouterr().err


TEXTS = st.sampled_from(["", "a", "process", "\ud800", "\n", "TextFieldView", "SelectView", "number", "./in.json"])
KEYS = st.sampled_from(
    [
        *("title", "version", "credentials", "fields", "help", "triggers", "actions", "main", "type", "metadata", "in"),
        *("out", "dynamicMetadata", "order", "viewClass", "model", "require", "properties", "items", "required"),
        *("enum", "default", "examples", "$ref", "description", "link", "envVars", "prompt", "label", "emitBehavior"),
        *("definitions", "deprecated", "note"),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | TEXTS, inner, max_size=6), max_leaves=30
)
ENTRIES = st.dictionaries(KEYS, JSON, max_size=6)
FORMS = st.dictionaries(KEYS, ENTRIES | JSON, max_size=4)
SCHEMAS = st.recursive(
    ENTRIES,
    lambda inner: st.fixed_dictionaries(
        {},
        optional={"properties": st.dictionaries(KEYS, inner, max_size=3), "items": inner, "type": TEXTS, "enum": JSON},
    ),
    max_leaves=5,
)
FUNCTIONS = st.fixed_dictionaries(
    {},
    optional={"fields": FORMS, "metadata": st.fixed_dictionaries({"in": SCHEMAS | JSON}), "main": TEXTS, "order": JSON},
)
DESCRIPTORS = st.fixed_dictionaries(
    {},
    optional={
        "actions": st.dictionaries(KEYS, FUNCTIONS, max_size=3),
        "credentials": st.fixed_dictionaries({"fields": FORMS}),
    },
)


def no_import(_folder: Path, mains: Sequence[str]) -> Mapping[str, ImportedModule]:
    return {main: ImportedModule(frozenset({"process"})) for main in mains}


@settings(max_examples=40, deadline=None)
@given(value=JSON | ENTRIES | DESCRIPTORS)
def test_any_json_as_component_json_has_findings_and_no_traceback(
    value: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "component.json").write_text(json.dumps(value))
    texts = list(examine(folder, no_import).texts())
    assert texts
    for text in texts:
        text.encode()
        assert "\n" not in text


@settings(max_examples=20, deadline=None)
@given(schema=SCHEMAS | JSON)
def test_any_json_as_a_schema_has_no_traceback(schema: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = component(tmp_path_factory.getbasetemp() / "schemas", in__json=json.dumps(schema))
    for text in examine(folder, no_import).texts():
        text.encode()
