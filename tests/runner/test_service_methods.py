"""The service methods of a component, called in this process: verify, select models, metadata."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticio import ComponentError
from elasticio_runner.errors import StaticSchemaError, UnknownNameError
from elasticio_runner.service_methods import (
    ServiceMethodError,
    Verdict,
    metadata,
    select_model,
    verify,
)

MODULE = """
import sys

def good(config):
    print("printed")
    return {"a": config.get("key", "A"), 7: ("x",)}

def failing(config):
    raise ValueError("no access")

def silent(config):
    raise LookupError

def ending(config):
    sys.exit(3)

def base(config):
    raise BaseException("odd")

def listed(config):
    return ["a"]

def odd(config):
    return {"a": {1, 2}}

async def late(config):
    return {}

class Unreadable(Exception):
    def __str__(self):
        raise RuntimeError

def unreadable(config):
    raise Unreadable

def get_meta_model(config):
    return {"in": {"title": config["key"]}, "out": {}} if config else {"in ": {}}
"""
MODELS = ("good", "failing", "silent", "ending", "base", "listed", "odd", "late", "unreadable", "missing")
FIELDS = {name: {"viewClass": "SelectView", "model": name} for name in MODELS}
DESCRIPTOR = {
    "credentials": {
        "fields": {"region": {"model": {"eu": "Europe"}}, "key": {}, "dynamic": {"model": "good"}, "odd": "text"}
    },
    "triggers": {"polling": {"main": "service_methods_case.py", "dynamicMetadata": True}},
    "actions": {
        "pick": {
            "main": "service_methods_case.py",
            "fields": {**FIELDS, "static": {"model": {"b": "B"}}, "name": {}},
            "metadata": {"in": "in.json", "out": {"type": "object"}},
        },
        "bare": {"main": "service_methods_case.py", "metadata": {"in": "none.json"}},
        "absent": {"main": "none.py", "fields": {"field": {"model": "good"}}},
        "malformed": 5,
    },
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("component")
    (folder / "service_methods_case.py").write_text(MODULE)
    (folder / "component.json").write_text(json.dumps(DESCRIPTOR))
    (folder / "in.json").write_text('{"type": "object", "title": "from the file"}')
    return folder


def test_a_select_model_returns_its_options_as_the_platform_receives_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert select_model(root, "pick", "good", {"key": "K"}) == {"a": "K", "7": ["x"]}
    assert capsys.readouterr().out == "printed\n"
    assert select_model(root, "pick", "static", {}) == {"b": "B"}
    assert select_model(root, None, "region", {}) == {"eu": "Europe"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("failing", "failing of pick raised ValueError: no access"),
        ("silent", "silent of pick raised LookupError"),
        ("ending", "ending raised SystemExit; it must return its result"),
        ("base", "base of pick raised BaseException: odd"),
        ("listed", 'listed of "pick" must return {value: label}, not list'),
        ("odd", "odd of pick raised MessageError"),
        ("late", "late must be a plain function"),
        ("unreadable", "unreadable of pick raised Unreadable: its text is not available"),
        ("missing", 'Method "missing" is not found in "pick"'),
    ],
)
def test_a_model_that_fails_is_one_error(root: Path, name: str, text: str) -> None:
    with pytest.raises(ServiceMethodError) as error:
        select_model(root, "pick", name, {})
    assert text in str(error.value)
    assert isinstance(error.value.cause, BaseException)


@pytest.mark.parametrize(
    ("function", "name", "text"),
    [
        ("pikc", "good", "the component has no trigger or action 'pikc'; did you mean 'pick'?"),
        ("malformed", "good", "the component has no trigger or action 'malformed'"),
        ("pick", "goood", "pick: there is no field 'goood'; did you mean 'good'?"),
        ("pick", "name", "pick: the field 'name' has no options; "),
        (None, "regoin", "the credentials: there is no field 'regoin'; did you mean 'region'?"),
        (None, "odd", "the credentials: the field 'odd' has no options; "),
        (None, "dynamic", "the credentials: the platform calls no model for 'dynamic'"),
    ],
)
def test_unknown_names_get_a_hint(root: Path, function: str | None, name: str, text: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        select_model(root, function, name, {})
    assert str(error.value).startswith(text)


def test_a_module_that_cannot_be_loaded_is_an_error(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ServiceMethodError, match="the component does not contain this file"):
        select_model(root, "absent", "field", {})
    with pytest.raises(ComponentError, match=r"Failed to load component\.json"):
        select_model(tmp_path, "pick", "good", {})


def test_metadata_is_computed_or_read(root: Path) -> None:
    assert metadata(root, "polling", {"key": "K"}) == {"in": {"title": "K"}, "out": {}}
    assert metadata(root, "pick", {}) == {
        "in": {"type": "object", "title": "from the file"},
        "out": {"type": "object"},
    }
    with pytest.raises(ServiceMethodError, match="get_meta_model of"):
        metadata(root, "polling", {})
    with pytest.raises(StaticSchemaError, match=r"^bare\.metadata\.in: .*none\.json cannot be read \(No such file"):
        metadata(root, "bare", {})


@pytest.mark.parametrize(
    ("returned", "text"), [({"in": None}, "in must be a JSON"), ({"out": []}, "out must be a JSON")]
)
def test_a_computed_schema_is_an_object(tmp_path: Path, returned: object, text: str) -> None:
    (tmp_path / "component.json").write_text('{"actions": {"a": {"main": "schemas_of_a.py", "dynamicMetadata": true}}}')
    (tmp_path / "schemas_of_a.py").write_text(f"def get_meta_model(config):\n    return {returned!r}\n")
    with pytest.raises(ServiceMethodError, match=f"^get_meta_model of a: {text}"):
        metadata(tmp_path, "a", {})
    sys.modules.pop("schemas_of_a")


@pytest.mark.parametrize(
    ("static", "text"),
    [
        ([], "a.metadata: must be an object with in and out"),
        ({"in": 1}, "a.metadata.in: must be a JSON schema, an object"),
        ({"in": "list.json"}, "a.metadata.in: must be a JSON schema, an object"),
        ({"in": "bad.json"}, "a.metadata.in: bad.json, line 2: not valid JSON"),
        ({"in": "../outside.json"}, "a.metadata.in: ../outside.json is outside of the component's folder"),
    ],
)
def test_a_static_schema_that_cannot_be_used(tmp_path: Path, static: object, text: str) -> None:
    root = tmp_path / "component"
    root.mkdir()
    (root / "component.json").write_text(json.dumps({"actions": {"a": {"metadata": static}}}))
    (root / "list.json").write_text("[]")
    (root / "bad.json").write_text('{\n"a": x}')
    (tmp_path / "outside.json").write_text("{}")
    with pytest.raises(StaticSchemaError, match=f"^{re.escape(text)}"):
        metadata(root, "a", {})


@pytest.mark.parametrize("static", [None, {}, {"in": None}])
def test_missing_static_schemas_are_empty(tmp_path: Path, static: object) -> None:
    (tmp_path / "component.json").write_text(json.dumps({"actions": {"a": {"metadata": static}}}))
    assert metadata(tmp_path, "a", {}) == {"in": {}, "out": {}}


@pytest.fixture
def write_verifier(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    def write(source: str) -> Path:
        (tmp_path / "component.json").write_text("{}")
        (tmp_path / "verify_credentials.py").write_text(source)
        return tmp_path

    before = sys.modules.pop("verify_credentials", None)
    yield write
    sys.modules.pop("verify_credentials", None)
    if before:
        sys.modules["verify_credentials"] = before


VERIFY = """
import sys

def verify(config):
    {}
"""


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("return True", Verdict(True)),
        ("return None", Verdict(True)),
        ("return {'verified': False}", Verdict(False, "verify returned no reason")),
        ("return {'verified': False, 'reason': 'expired'}", Verdict(False, "expired")),
        ("return False", Verdict(False, "The credentials were not accepted")),
        ("raise ValueError('wrong key ' + config['key'])", Verdict(False, "wrong key K")),
        ("raise LookupError", Verdict(False, "LookupError")),
        ("sys.exit()", Verdict(False, "verify raised SystemExit; it must return its result or raise another error")),
    ],
)
def test_verify_returns_a_verdict(write_verifier: Callable[[str], Path], body: str, verdict: Verdict) -> None:
    found = verify(write_verifier(VERIFY.format(body)), {"key": "K"})
    assert (found.verified, found.reason) == (verdict.verified, verdict.reason)
    assert (found.error is not None) == (body.startswith(("raise", "sys")))


def test_without_a_verifier_all_credentials_are_valid(tmp_path: Path) -> None:
    (tmp_path / "component.json").write_text("{}")
    assert verify(tmp_path, {}) == Verdict(True)


def test_a_verifier_that_cannot_be_loaded_is_an_error(write_verifier: Callable[[str], Path]) -> None:
    root = write_verifier("import nothing_of_that_name")
    with pytest.raises(ComponentError, match="nothing_of_that_name"):
        verify(root, {})
