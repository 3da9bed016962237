"""A new component with one action that creates greetings, to be replaced by the author's own functions."""

from typing import Any

from elasticio_runner.new.component_files import VERSION, common, help_link, template, to_json

_TEXT = {"type": "string", "title": "Text", "help": {"description": "The greeting."}, "examples": ["Hello, Ada!"]}
_NAME = {"type": "string", "title": "Name", "help": {"description": "Name of a person."}, "examples": ["Ada"]}


def files(name: str) -> dict[str, str | bytes]:
    """Return {path: content} of the component."""
    command = """.venv/bin/elasticio exec greet --body '{"name": "Ada"}' --config '{"greeting": "Hello"}'"""
    text = "A component for elastic.io style integration platforms."
    schemas = {
        "in": {"type": "object", "properties": {"name": {**_NAME, "required": True}}},
        "out": {"type": "object", "properties": {"text": _TEXT}},
    }
    return common(_component(name), name, text, command) | {
        "lib/__init__.py": "",
        "lib/actions/__init__.py": "",
        "lib/actions/greet.py": template("greet.py.txt"),
        "verify_credentials.py": template("greet_verify.py.txt"),
        "tests/test_greet.py": template("greet_test.py.txt"),
        **{f"schemas/greet.{side}.json": to_json(schema) for side, schema in schemas.items()},
    }


def _component(name: str) -> dict[str, Any]:
    key = {
        "viewClass": "PasswordFieldView",
        "label": "API Key",
        "placeholder": "Paste your API key",
        "help": {"description": "Key of the API. The action of the template does not use it."},
        "order": 10,
    }
    greeting = {
        "viewClass": "TextFieldView",
        "label": "Greeting",
        "placeholder": "Hello",
        "note": "First word of the text. Default: Hello.",
        "order": 10,
    }
    title = "Create Greeting"
    action = {
        "main": "./lib/actions/greet.py",
        "title": title,
        "help": {"description": "Emits one greeting for each message.", "link": help_link(name, title)},
        "order": 10,
        "fields": {"greeting": greeting},
        "metadata": {side: f"./schemas/greet.{side}.json" for side in ("in", "out")},
    }
    help_ = {"description": "Create an API key in your account.", "link": "https://example.com/account/keys"}
    return {
        "title": name,
        "description": f"Functions of {name}",
        "version": VERSION,
        "credentials": {"help": help_, "fields": {"apiKey": key}},
        "actions": {"greet": action},
    }
