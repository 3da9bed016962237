"""A small component that follows all rules of `elasticio check`, and copies of it with one change."""

import json
from dataclasses import replace
from typing import Any

from elasticio_runner.check.checked_component import CheckedComponent, FunctionEntry, MapperSchema

DELETED = object()
HELP = {"description": "Does something.", "link": "/components/example/actions.html#do-it"}
FUNCTION = {"title": "Do It", "description": "Does something.", "help": HELP, "main": "./lib/do_it.py", "order": 20}
ID = {"type": "number", "title": "ID", "help": {"description": "The ID."}, "examples": [5], "order": 20}
BOX = {"type": "object", "title": "Box", "help": {"description": "A box."}, "properties": {}, "order": 10}
TEXT = {"viewClass": "TextFieldView", "label": "Server", "placeholder": "https://…", "note": "The server.", "order": 20}
SMALL: dict[str, Any] = {
    "component": {
        "title": "Example",
        "description": "Does examples",
        "version": "1.0.0",
        "credentials": {
            "help": {"description": "Where to find the login.", "link": "https://example.com/login"},
            "fields": {"server": TEXT},
        },
        "triggers": {
            "watch": {
                **FUNCTION,
                "title": "Get Items Polling",
                "type": "polling",
                "fields": {},
                "dynamicMetadata": True,
            }
        },
        "actions": {
            "doIt": {
                **FUNCTION,
                "fields": {
                    "emitBehavior": {
                        "viewClass": "SelectView",
                        "label": "Emit Behavior",
                        "help": {"description": "The messages."},
                        "model": {"emitAll": "Emit all"},
                        "prompt": "Default: Emit all",
                        "order": 30,
                    },
                    "check": {
                        "viewClass": "CheckBoxView",
                        "label": "Check",
                        "help": {"description": "Checks."},
                        "order": 20,
                    },
                    "timeout": {**TEXT, "order": 10},
                },
                "metadata": {"in": "./in.json", "out": "./out.json"},
            },
            "doOther": {
                **FUNCTION,
                "title": "Do Other Things",
                "order": 0,
                "deprecated": True,
                "fields": {},
                "dynamicMetadata": True,
            },
        },
    },
    "schemas": {
        "watch": {"out": {"type": "object", "properties": {"id": ID}}},
        "doIt": {
            "in": {"type": "object", "properties": {"id": {**ID, "required": True}, "box": BOX}},
            "out": {"type": "object", "properties": {"id": ID, "box": BOX}},
        },
        "doOther": {"in": {"type": "object", "properties": {}}, "out": {"type": "object", "properties": {}}},
    },
    "exports": {"./lib/do_it.py": ["process", "get_meta_model", "lists"]},
    "misfits": {},
    "logo": [128, 128],
    "root": ["verify_credentials"],
}
ACTION, TRIGGER, FORM = "component/actions/doIt", "component/triggers/watch", "component/actions/doIt/fields"
IN, OUT = "schemas/doIt/in/properties", "schemas/doIt/out/properties"
LIST = {**BOX, "type": "array", "items": {"type": "string"}}


def component_of(given: dict[str, Any]) -> CheckedComponent:
    """Return a component whose schemas are in the files FUNCTION.SIDE.json."""
    logo = given["logo"]
    component = CheckedComponent(
        descriptor=given["component"],
        exports={main: frozenset(names) for main, names in given["exports"].items()},
        misfits=given["misfits"],
        logo_size=(logo[0], logo[1]) if logo else None,
        root_modules=frozenset(given["root"]),
    )
    known = {function.id: function for function in component.functions()}
    schemas = tuple(
        MapperSchema(known.get(name, FunctionEntry("actions", name, {})), side, content, f"{name}.{side}.json")
        for name, sides in given["schemas"].items()
        for side, content in sides.items()
    )
    return replace(component, schemas=schemas)


def changed(path: str, value: Any) -> CheckedComponent:
    """Return SMALL with another value at the path; ~1 is a slash within a part."""
    given = json.loads(json.dumps(SMALL))  # unlike a deep copy, without values that several places share
    *parents, last = [part.replace("~1", "/") for part in path.split("/")]
    place = given
    for part in parents:
        place = place[part]
    if value is DELETED:
        del place[last]
    else:
        place[last] = value
    return component_of(given)


def nested(depth: int) -> dict[str, Any]:
    return {**BOX, "properties": {"box": nested(depth - 1)}} if depth else BOX
