"""The models of CallFire's objects, one module per part of the API."""

import importlib
from functools import cache

from lib.callfire.operation.fields import Model

_PARTS = (
    "texts",
    "calls",
    "contacts",
    "campaigns",
    "media",
    "numbers",
    "keywords",
    "webhooks",
    "orders",
    "me",
    "legacy",
    "derived",
)


def find(name: str) -> Model:
    """Return the model of that name; the first call loads all models."""
    return all_models()[name]


@cache
def all_models() -> dict[str, Model]:
    """Return {name: model} of all models."""
    parts = (importlib.import_module(f"{__name__}.{part}") for part in _PARTS)
    return {model.name: model for part in parts for model in part.MODELS}
