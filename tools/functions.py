"""The component's functions: each trigger and each action, read from its module in lib/."""

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from lib.callfire.api.paging import PAGE_SIZE
from lib.callfire.api.timeout import TIMEOUT
from lib.callfire.form import account_select
from lib.callfire.operation.emit_behavior import EMIT_BEHAVIOR, EMIT_WHOLE
from lib.callfire.operation.error_policy import ERROR_POLICY, SEND_ERROR_POLICY
from lib.callfire.operation.fields import Field
from lib.callfire.operation.inputs import UNKNOWN_PROPERTIES
from lib.callfire.operation.operation import Operation
from lib.callfire.operation.schema import for_checking, for_designer
from lib.callfire.operation.selects import MOST, NOUNS

ROOT = Path(__file__).parent.parent
_DEFAULT = re.compile(r"Default: [^.;]+")
_REST = frozenset({"GET", "POST", "PUT", "DELETE"})  # not the raw request and SOAP
FIRST_SELECT_ORDER = 99  # above all other fields of a form


@dataclass(frozen=True)
class Function:
    """One trigger or action: its id in component.json and its module."""

    id: str
    module: ModuleType

    @property
    def title(self) -> str:
        """The first line of the module's docstring."""
        return (self.module.__doc__ or "").strip().partition("\n")[0].strip()

    @property
    def description(self) -> str:
        """The module's docstring without its first line, on one line."""
        return " ".join((self.module.__doc__ or "").strip().partition("\n")[2].split())

    @property
    def main(self) -> str:
        """The path of the module in component.json."""
        return f"./{Path(str(self.module.__file__)).relative_to(ROOT).as_posix()}"

    @property
    def deprecated(self) -> bool:
        """Whether the designer hides the function from new steps."""
        return bool(getattr(self.module, "deprecated", False))

    @property
    def is_trigger(self) -> bool:
        """Whether the function starts flows."""
        return ".triggers." in self.module.__name__

    @property
    def kind(self) -> str:
        """`polling` or `webhook`; only for triggers."""
        return str(getattr(self.module, "kind", "polling"))

    @property
    def has_dynamic_metadata(self) -> bool:
        """Whether the designer asks the module for its schemas."""
        return hasattr(self.module, "get_meta_model")

    @property
    def operation(self) -> Operation:
        """The declaration of the operation behind an action."""
        operation: Operation = self.module.operation
        return operation

    @cached_property
    def form(self) -> dict[str, Any]:
        """The fields of the form: the module's own; for actions also selects, paging and error handling."""
        own: Mapping[str, Any] = getattr(self.module, "form_fields", {})
        if self.is_trigger:
            return dict(own)
        policy = ERROR_POLICY if self.operation.may_repeat else SEND_ERROR_POLICY
        shared = {"errorPolicy": policy, "timeout": TIMEOUT}
        is_rest = self.operation.fields and self.operation.route.method in _REST
        unknown = {"passUnknownProperties": UNKNOWN_PROPERTIES} if is_rest else {}
        return {**self._selects(), **own, **self._paging_fields(), **shared, **unknown}

    @cached_property
    def schemas(self) -> dict[str, Any]:
        """The static schemas by side: `in`, `out`. Empty if the metadata is dynamic."""
        if self.has_dynamic_metadata:
            return {}
        if self.is_trigger:
            return {"out": self.module.operation.output_schema(single=True)}
        return {"in": for_designer(self.operation.offered, inputs=True), "out": self.operation.output_schema()}

    def schema_path(self, side: str) -> str:
        """Return the path of a schema's file below the root of the repository."""
        return f"schemas/{self.id}.{side}.json"

    @property
    def required_inputs(self) -> list[str]:
        """The names of the inputs that a message must contain."""
        return list(for_checking(self.operation.offered).get("required", []))

    def _selects(self) -> dict[str, Any]:
        """Return a select for each input whose values the module can list."""
        offered = {field.name: field for field in self.operation.offered}
        return {
            name: self._select(offered[name], source.__name__, FIRST_SELECT_ORDER - place)
            for place, (name, source) in enumerate(self.operation.selects.items())
        }

    def _select(self, field: Field, source: str, order: int) -> dict[str, Any]:
        """Return the select for an input. Its prompt is the default of the input, if the description names one."""
        is_path = any(one.name == field.name for one in self.operation.path)
        is_sender = field.name == "fromNumber"
        noun, default = NOUNS[source], _DEFAULT.search(field.about)
        prompt = f"Select {_with_article(noun)}" if is_path or is_sender else "Default: none"
        prompt = prompt if default is None else default[0]
        of = "recipients" if is_sender else "messages"
        about = f"Used for {of} without {field.title}. Lists at most {MOST:,} entries."
        label = noun if is_path else field.title.removesuffix(" ID")
        return account_select(label, about, source, order=order, prompt=prompt)

    def _paging_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if self.operation.returns.is_list:
            fields["emitBehavior"] = EMIT_BEHAVIOR if self.operation.returns.model else EMIT_WHOLE
        if any(field.name == "limit" for field in self.operation.query):
            fields["pageSize"] = PAGE_SIZE
        return fields


def actions() -> list[Function]:
    """Return all actions, sorted by ID."""
    return _read("actions")


def triggers() -> list[Function]:
    """Return all triggers, sorted by ID."""
    return _read("triggers")


def function_id(module_name: str) -> str:
    """Return the ID of the function in a module, e.g. `findTexts` for `lib.actions.find_texts`."""
    first, *rest = module_name.rpartition(".")[2].split("_")
    # CallFire writes only this abbreviation of its operation ids in capitals.
    return first + "".join("TTS" if word == "tts" else word.capitalize() for word in rest)


def _with_article(noun: str) -> str:
    """Return a label within a sentence: "a text broadcast", "a caller ID"."""
    words = [word if word.isupper() else word.lower() for word in noun.split()]
    return f"a {' '.join(words)}"


def _read(folder: str) -> list[Function]:
    names = sorted(path.stem for path in (ROOT / "lib" / folder).glob("[!_]*.py"))
    modules = [importlib.import_module(f"lib.{folder}.{name}") for name in names]
    return [Function(function_id(module.__name__), module) for module in modules]
