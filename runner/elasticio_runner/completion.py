"""Completions in the shell: names of functions and select fields from component.json. argcomplete calls them."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from elasticio import ElasticioError

from elasticio_runner.flow_file import components


def functions(parsed_args: argparse.Namespace, **_others: Any) -> list[str]:
    """Return the names of the component's triggers and actions."""
    return list(components.entries(_descriptor(parsed_args)))


def select_fields(parsed_args: argparse.Namespace, **_others: Any) -> list[str]:
    """Return the names of the function's select fields, of the credentials without a function."""
    descriptor = _descriptor(parsed_args)
    if parsed_args.function:
        form = components.form(components.entries(descriptor).get(parsed_args.function, {}))
    else:
        form = components.credential_form(descriptor)
    return [name for name, field in form.items() if field.get("model")]


def json_files(prefix: str, **_others: Any) -> list[str]:
    """Return the JSON files and folders that begin with `prefix`."""
    from argcomplete.completers import FilesCompleter  # noqa: PLC0415 (only the shell's request needs it)

    return list(FilesCompleter(("json",))(prefix))


def _descriptor(parsed_args: argparse.Namespace) -> Mapping[str, Any]:
    try:
        return components.descriptor(getattr(parsed_args, "component", None) or Path())
    except ElasticioError:  # the command itself reports it
        return {}
