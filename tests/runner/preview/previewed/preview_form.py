"""Emits its config; the options of its selects depend on it."""

from typing import Any

from elasticio import ComponentError, Message, Step

CITIES = {"de": {"b": "Berlin", "h": "Hamburg"}, "fr": {"p": "Paris"}}


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Message:
    return Message(body={name: value for name, value in config.items() if name != "_account"})


def countries(config: dict[str, Any]) -> dict[str, str]:
    return {"de": f"Germany of {config['user']}", "fr": "France"}


def cities(config: dict[str, Any]) -> dict[str, str]:
    return CITIES[config["country"]]


def broken(config: dict[str, Any]) -> dict[str, str]:
    raise ComponentError("The carrier is on strike. Try again tomorrow.")


def none(config: dict[str, Any]) -> dict[str, str]:
    return {}


def evil(config: dict[str, Any]) -> dict[str, str]:
    return {"<b>": '</option></select><img src=x onerror="window.attacked = 8">'}


def get_meta_model(config: dict[str, Any]) -> dict[str, Any]:
    name = config["text"]
    return {"in": {"type": "object", "properties": {name: {"type": "number", "required": True}}}, "out": {}}
