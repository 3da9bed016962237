"""Loads a component from disk, and reports each of its faults."""

import json
import re
import sys
from typing import Any

import pytest
from elasticio import ComponentError
from elasticio.runtime.component import Component, SameNameError

from tests.sdk.conftest import WriteComponent

DESCRIPTOR = {
    "triggers": {"poll": {"main": "./lib/triggers/poll.py"}, "both": {"main": "lib/triggers/poll.py"}},
    "actions": {"send": {"main": "lib/actions/send"}, "both": {"main": "lib/actions/send.py"}},
}
FILES = {
    "lib/__init__.py": "",
    "lib/shared.py": "loaded = []",
    "lib/triggers/__init__.py": "",
    "lib/triggers/poll.py": "from lib.shared import loaded\nloaded.append(__name__)\ndef process(*args): return 'poll'",
    "lib/actions/__init__.py": "",
    "lib/actions/send.py": "from lib.shared import loaded\nnumber = 7\ndef process(*args): return 'send'",
}


def load(name: str) -> Any:
    return Component.load("").function(name)


class TestFunction:
    def test_triggers_and_actions_are_found(self, write_component: WriteComponent) -> None:
        write_component(DESCRIPTOR, FILES)
        component = Component.load("")
        assert component.function("poll").get("process")() == "poll"
        assert component.function("send").get("process")() == "send"

    def test_a_trigger_takes_precedence_over_an_action(self, write_component: WriteComponent) -> None:
        write_component(DESCRIPTOR, FILES)
        assert load("both").get("process")() == "poll"

    def test_modules_are_loaded_once(self, write_component: WriteComponent) -> None:
        write_component(DESCRIPTOR, FILES)
        first, second = load("poll"), load("both")
        assert first.module is second.module
        assert first.module.loaded == ["lib.triggers.poll"]

    def test_other_modules_import_the_same_module(self, write_component: WriteComponent) -> None:
        files = {**FILES, "lib/actions/send.py": "import lib.triggers.poll as other\ndef process(*args): return other"}
        write_component(DESCRIPTOR, files)
        assert load("send").get("process")() is load("poll").module

    def test_folders_need_no_init(self, write_component: WriteComponent) -> None:
        write_component(DESCRIPTOR, {path: text for path, text in FILES.items() if not path.endswith("__init__.py")})
        assert load("poll").get("process")() == "poll"

    def test_a_file_in_the_root(self, write_component: WriteComponent) -> None:
        write_component(
            {"actions": {"a": {"main": "only_this_component_has_it.py"}}}, {"only_this_component_has_it.py": "x=1"}
        )
        assert load("a").module.x == 1

    def test_a_missing_function_of_a_module(self, write_component: WriteComponent) -> None:
        write_component(DESCRIPTOR, FILES)
        function = load("send")
        assert function.find("startup") is None
        assert function.find("number") is None
        with pytest.raises(ComponentError, match='Method "startup" is not found in "send" action or trigger'):
            function.get("startup")

    @pytest.mark.parametrize(
        ("given", "resolves"),
        [({}, True), ({"autoResolveObjectReferences": True}, True), ({"autoResolveObjectReferences": False}, False)],
    )
    def test_references_are_resolved_by_default(
        self, write_component: WriteComponent, given: dict[str, Any], resolves: bool
    ) -> None:
        write_component({"actions": {"a": {"main": "lib/actions/send.py", **given}}}, FILES)
        assert load("a").resolves_references is resolves


class TestWhereItIs:
    @pytest.mark.parametrize("path", ["deep/er", "/deep/er", "./deep/er", "deep/er/"])
    def test_the_path_is_relative_to_the_working_directory(self, write_component: WriteComponent, path: str) -> None:
        root = write_component({"title": "wrong one"}, {"deep/er/" + name: text for name, text in FILES.items()})
        (root / "deep/er/component.json").write_text(json.dumps(DESCRIPTOR))
        assert Component.load(path).function("send").get("process")() == "send"

    def test_the_root_is_added_to_sys_path_once(self, write_component: WriteComponent) -> None:
        root = write_component({})
        Component.load("")
        Component.load("")
        assert sys.path.count(str(root)) == 1
        assert sys.path[0] == str(root)

    def test_a_symbolic_link(self, write_component: WriteComponent, monkeypatch: pytest.MonkeyPatch) -> None:
        root = write_component(DESCRIPTOR, {"real/" + name: text for name, text in FILES.items()})
        (root / "component.json").rename(root / "real/component.json")
        (root / "link").symlink_to(root / "real")
        assert Component.load("link").function("send").get("process")() == "send"


class TestDescriptor:
    def test_there_is_none(self, write_component: WriteComponent) -> None:
        root = write_component({})
        (root / "component.json").unlink()
        with pytest.raises(
            ComponentError, match=f"Failed to load component.json from {re.escape(str(root))}: .*No such file"
        ):
            Component.load("")

    @pytest.mark.parametrize("text", ["", "{", "{'a': 1}"])
    def test_it_is_not_json(self, write_component: WriteComponent, text: str) -> None:
        (write_component({}) / "component.json").write_text(text)
        with pytest.raises(ComponentError, match=r"Failed to load component.json from .*line 1 column"):
            Component.load("")

    @pytest.mark.parametrize("value", [[], None, "text", 7])
    def test_it_is_not_an_object(self, write_component: WriteComponent, value: Any) -> None:
        write_component(value)
        with pytest.raises(ComponentError, match="it must be a JSON object"):
            Component.load("")

    @pytest.mark.parametrize(
        "descriptor",
        [{}, {"actions": {}}, {"triggers": None, "actions": None}, {"actions": {"Send": {}}}, {"actions": []}],
    )
    def test_the_function_is_not_in_it(self, write_component: WriteComponent, descriptor: Any) -> None:
        write_component(descriptor)
        with pytest.raises(ComponentError, match=r'Trigger or action "send" is not found in component\.json!'):
            load("send")

    @pytest.mark.parametrize("entry", [{}, {"main": ""}, {"main": None}, {"main": ["a"]}, "lib/actions/send.py", []])
    def test_the_function_has_no_module(self, write_component: WriteComponent, entry: Any) -> None:
        write_component({"actions": {"send": entry}}, FILES)
        with pytest.raises(ComponentError, match=r'Trigger or action "send" has no "main" in component\.json'):
            load("send")


class TestModule:
    @pytest.mark.parametrize("main", ["lib/nothing.py", "lib/actions", "./lib/actions/", "nothing"])
    def test_there_is_none(self, write_component: WriteComponent, main: str) -> None:
        write_component({"actions": {"send": {"main": main}}}, FILES)
        with pytest.raises(
            ComponentError, match=f"Failed to load file '{re.escape(main)}': the component does not contain this file"
        ):
            load("send")

    @pytest.mark.parametrize("main", ["../outside.py", "/etc/passwd", "lib/../../outside.py"])
    def test_it_is_outside(self, write_component: WriteComponent, main: str) -> None:
        root = write_component({"title": "x"}, {"inner/lib/a.py": "", "outside.py": "raise SystemExit"})
        (root / "inner/component.json").write_text(json.dumps({"actions": {"send": {"main": main}}}))
        with pytest.raises(ComponentError, match="the component does not contain this file"):
            Component.load("inner").function("send")

    @pytest.mark.parametrize(
        ("source", "reason"),
        [
            ("def process(:", "SyntaxError: "),
            ("import nothing_like_it", "ModuleNotFoundError: No module named 'nothing_like_it'"),
            ("from lib.shared import nothing", "ImportError: cannot import name 'nothing'"),
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("raise SystemExit(3)", "SystemExit: 3"),
        ],
    )
    def test_it_cannot_be_loaded(self, write_component: WriteComponent, source: str, reason: str) -> None:
        write_component(DESCRIPTOR, {**FILES, "lib/actions/send.py": source})
        with pytest.raises(ComponentError) as caught:
            load("send")
        assert "Trigger or action 'send' is found, but can not be loaded" in str(caught.value)
        assert "'lib/actions/send'" in str(caught.value)
        assert reason in str(caught.value)
        assert caught.value.__cause__ is not None

    @pytest.mark.parametrize(
        ("main", "owner"),
        [
            ("json/decoder.py", r".*decoder\.py"),
            ("pathlib.py", r".*pathlib(/__init__)?\.py"),
            ("time.py", "Python itself"),
        ],
    )
    def test_another_module_has_the_same_name(self, write_component: WriteComponent, main: str, owner: str) -> None:
        write_component({"actions": {"send": {"main": main}}}, {main: "", "json/__init__.py": ""})
        with pytest.raises(ComponentError, match=rf": {owner} has the same module name .*\. Rename one of the two"):
            load("send")

    @pytest.mark.parametrize("main", ["lib/actions/send.py", "send.py"])
    def test_another_component_has_a_package_of_the_same_name(self, write_component: WriteComponent, main: str) -> None:
        source = "from lib.own import VALUE\ndef process(*_): return VALUE"
        root = write_component({}, {"one/lib/__init__.py": "", "one/first.py": "import lib", f"two/{main}": source})
        (root / "two/lib").mkdir(exist_ok=True)
        (root / "two/lib/own.py").write_text("VALUE = 1")
        for folder, file in (("one", "first.py"), ("two", main)):
            (root / folder / "component.json").write_text(json.dumps({"actions": {"send": {"main": file}}}))
        Component.load("one").function("send")
        with pytest.raises(SameNameError) as caught:
            Component.load("two").function("send")
        assert f"{root}/one/lib has the same module name lib. Rename one of the two" in str(caught.value)


class TestVerifier:
    def test_there_is_none(self, write_component: WriteComponent) -> None:
        write_component({})
        assert Component.load("").verifier() is None

    def test_it_is_found(self, write_component: WriteComponent) -> None:
        write_component(
            {}, {**FILES, "verify_credentials.py": "import lib.shared\ndef verify(config): return config['a']"}
        )
        verify = Component.load("").verifier()
        assert verify is not None
        assert verify({"a": 1}) == 1

    @pytest.mark.parametrize("source", ["", "verify = {}", "def verifyCredentials(config): pass"])
    def test_it_has_no_function(self, write_component: WriteComponent, source: str) -> None:
        write_component({}, {"verify_credentials.py": source})
        with pytest.raises(ComponentError, match=r"verify_credentials\.py has no function verify\(config\)"):
            Component.load("").verifier()

    def test_it_cannot_be_loaded(self, write_component: WriteComponent) -> None:
        write_component({}, {"verify_credentials.py": "import nothing_like_it"})
        with pytest.raises(ComponentError) as caught:
            Component.load("").verifier()
        assert "verify_credentials.py" in str(caught.value)
        assert "No module named 'nothing_like_it'" in str(caught.value)
        assert "Trigger or action" not in str(caught.value)
