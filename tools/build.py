"""Write component.json, schemas/ and what documents say of actions from the declarations in lib/.

python -m tools.build            write what has changed
python -m tools.build --check    write nothing; name each file that is stale and exit with 1
"""

import argparse
import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from lib.callfire import form
from lib.callfire.api.client import VERSION
from lib.callfire.api.credentials import CREDENTIALS
from lib.callfire.api.paging import PAGE_SIZE
from lib.callfire.api.timeout import TIMEOUT
from lib.callfire.operation.emit_behavior import EMIT_BEHAVIOR, EMIT_WHOLE
from lib.callfire.operation.error_policy import ERROR_POLICY
from lib.callfire.operation.operation import Operation
from lib.callfire.operation.schema import for_designer
from tools import docs

ROOT = Path(__file__).parent.parent
DOCS = "https://developers.callfire.com/docs.html"
SELECT_NOTE = "Default for messages without this value."
# What integrators look for first stands on top in the designer.
_ORDER = ("/texts", "/calls", "/contacts", "/campaigns", "/media", "/numbers", "/keywords", "/webhooks", "/orders")


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.build", description="Write component.json and schemas/.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a file is stale")
    check = parser.parse_args(arguments).check
    wanted = outputs()
    present = {path.relative_to(ROOT).as_posix() for path in (ROOT / "schemas").glob("*.json")}
    stale = [name for name, content in wanted.items() if _read(ROOT / name) != content]
    left_over = sorted(present - wanted.keys())
    if check:
        for name in stale:
            sys.stderr.write(f"{name} is stale: run python -m tools.build\n")
        for name in left_over:
            sys.stderr.write(f"{name} belongs to no action or trigger: run python -m tools.build\n")
        return 1 if stale or left_over else 0
    for name in stale:
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(wanted[name], encoding="utf-8")
    for name in left_over:
        (ROOT / name).unlink()
    return 0


def outputs() -> dict[str, str]:
    """Every file the declarations make: {path below the root: content}."""
    triggers, actions = _modules("triggers"), _modules("actions")
    files = {}
    for name, module in {**triggers, **actions}.items():
        for side, schema in _schemas(module).items():
            files[_schema_path(name, side)] = _json(schema)
    ranked = sorted(actions, key=lambda name: _rank(actions[name], name))
    component = {
        "title": "CallFire",
        "description": "Send and receive texts and calls, and manage contacts, broadcasts, numbers and keywords with "
        "CallFire",
        "version": VERSION,
        "docsUrl": DOCS,
        "buildType": "docker",
        "consumesRawData": True,  # a webhook's signature is over the bytes as they came
        "credentials": CREDENTIALS,
        "triggers": {name: _trigger(name, module) for name, module in triggers.items()},
        "actions": {name: _action(name, actions[name], order=len(ranked) - place) for place, name in enumerate(ranked)},
    }
    descriptions = {name: described(actions[name]) for name in ranked}
    in_order = {name: actions[name] for name in ranked}
    files["docs/actions.md"] = docs.actions(in_order, descriptions)
    files["README.md"] = docs.in_readme(_read(ROOT / "README.md") or "", in_order)
    return {"component.json": _json(component), **files}


def operation_id(module_name: str) -> str:
    """Name a function of the component after its file: `find_texts` is `findTexts`."""
    first, *rest = module_name.rpartition(".")[2].split("_")
    # CallFire writes the one abbreviation in its operation ids in capitals.
    return first + "".join("TTS" if word == "tts" else word.capitalize() for word in rest)


def described(module: ModuleType) -> tuple[str, str]:
    """Split a module's docstring into title and description."""
    title, _, description = (module.__doc__ or "").strip().partition("\n")
    return title.strip(), " ".join(description.split())


def _modules(folder: str) -> dict[str, ModuleType]:
    names = sorted(path.stem for path in (ROOT / "lib" / folder).glob("[!_]*.py"))
    modules = (importlib.import_module(f"lib.{folder}.{name}") for name in names)
    return {operation_id(module.__name__): module for module in modules}


def _trigger(name: str, module: ModuleType) -> dict[str, Any]:
    return {**_head(module), "type": getattr(module, "kind", "polling"), **_tail(name, module, module.form_fields)}


def _action(name: str, module: ModuleType, *, order: int) -> dict[str, Any]:
    return {**_head(module), "order": order, **_tail(name, module, form_of(module))}


def _head(module: ModuleType) -> dict[str, Any]:
    title, description = described(module)
    path = Path(str(module.__file__)).relative_to(ROOT).as_posix()
    head = {"main": f"./{path}", "title": title, "help": {"description": description, "link": DOCS}}
    return head | ({"deprecated": True} if getattr(module, "deprecated", False) else {})


def _tail(name: str, module: ModuleType, fields: Mapping[str, Any]) -> dict[str, Any]:
    if hasattr(module, "get_meta_model"):
        return {"fields": fields, "dynamicMetadata": True}
    return {"fields": fields, "metadata": {side: f"./{_schema_path(name, side)}" for side in _schemas(module)}}


def form_of(module: ModuleType) -> dict[str, Any]:
    """The form of an action: what it selects, how it emits, what it does when CallFire is away."""
    own: Mapping[str, Any] = getattr(module, "form_fields", {})
    shared = {"errorPolicy": ERROR_POLICY, "timeout": TIMEOUT}
    operation: Operation = module.operation
    labels = {field.name: field.title for field in operation.fields}
    selects = {
        name: form.account_select(labels[name], SELECT_NOTE, source.__name__, order=99 - place)
        for place, (name, source) in enumerate(operation.selects.items())
    }
    listed = {"emitBehavior": EMIT_BEHAVIOR if operation.returns.model else EMIT_WHOLE}
    listed = listed if operation.returns.is_list else {}
    sized = {"pageSize": PAGE_SIZE} if any(field.name == "limit" for field in operation.query) else {}
    return {**selects, **own, **listed, **sized, **shared}


def _schemas(module: ModuleType) -> dict[str, Any]:
    if hasattr(module, "get_meta_model"):
        return {}
    if hasattr(module, "form_fields") and ".triggers." in module.__name__:
        return {"out": module.operation.output_schema(single=True)}
    operation: Operation = module.operation
    return {"in": for_designer(operation.fields, inputs=True), "out": operation.output_schema()}


def _schema_path(name: str, side: str) -> str:
    return f"schemas/{name}.{side}.json"


def _rank(module: ModuleType, name: str) -> tuple[int, str]:
    path = module.operation.route.path
    places = [place for place, prefix in enumerate(_ORDER) if path.startswith(prefix)]
    return (places[0] if places else len(_ORDER), name)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
