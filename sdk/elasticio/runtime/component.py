"""A component on disk: component.json, the modules of its functions, and verify_credentials.py."""

import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from elasticio.errors import ComponentError


def refuse_unfinished(name: str, result: Any) -> None:
    """Raise ComponentError if a call returned before the function's body ran: it is async or a generator."""
    if inspect.isasyncgen(result) or inspect.iscoroutine(result) or inspect.isgenerator(result):
        if not inspect.isasyncgen(result):
            result.close()
        raise ComponentError(f"{name} must be a plain function, neither async nor a generator")


class SameNameError(ComponentError):
    """Another module of this process has the same name. Only one of the two can be imported."""

    def __init__(self, what: str, owner: str, name: str) -> None:
        super().__init__(f"{what} can not be loaded: {owner} has the same module name {name}. Rename one of the two")


@dataclass(frozen=True)
class Function:
    """A trigger or an action: its entry in component.json and its module."""

    name: str
    definition: Mapping[str, Any]
    module: ModuleType

    @property
    def resolves_references(self) -> bool:
        """Whether the runtime fetches bodies from the object storage before it calls `process`. Default: true."""
        return bool(self.definition.get("autoResolveObjectReferences", True))

    def find(self, name: str) -> Callable[..., Any] | None:
        """Return the module's function of that name, or None."""
        found = getattr(self.module, name, None)
        return found if callable(found) else None

    def get(self, name: str) -> Callable[..., Any]:
        """Return the module's function of that name, or raise ComponentError."""
        if found := self.find(name):
            return found
        raise ComponentError(f'Method "{name}" is not found in "{self.name}" action or trigger')


@dataclass(frozen=True)
class Component:
    """A component's root folder and its descriptor."""

    root: Path
    descriptor: Mapping[str, Any]

    @classmethod
    def load(cls, path: str) -> Self:
        """Read component.json in the folder `path`, relative to the working directory even with a leading slash.

        Adds the folder to `sys.path`. Raises ComponentError if the file is missing or invalid.
        """
        root = Path(os.path.normpath(Path.cwd() / path.lstrip("/")))
        try:
            descriptor = json.loads((root / "component.json").read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise ComponentError(f"Failed to load component.json from {root}: {reason}") from error
        if not isinstance(descriptor, dict):
            raise ComponentError(f"Failed to load component.json from {root}: it must be a JSON object")
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
        return cls(root, descriptor)

    def function(self, name: str) -> Function:
        """Load the trigger or action of that name. If both exist, the trigger is loaded. Raises ComponentError."""
        for kind in ("triggers", "actions"):
            functions = self.descriptor.get(kind)
            definition = functions.get(name) if isinstance(functions, dict) else None
            if definition is not None:
                break
        else:
            raise ComponentError(f'Trigger or action "{name}" is not found in component.json!')
        main = definition.get("main") if isinstance(definition, dict) else None
        if not isinstance(main, str) or not main:
            raise ComponentError(f'Trigger or action "{name}" has no "main" in component.json, the path of its module')
        return Function(name, definition, self._import(f"Trigger or action '{name}'", main))

    def verifier(self) -> Callable[[Mapping[str, Any]], Any] | None:
        """Return `verify` of verify_credentials.py in the component's root, None without that file.

        Raises ComponentError if the file cannot be loaded or has no such function.
        """
        if not (self.root / "verify_credentials.py").exists():
            return None
        module = self._import("The credential check", "verify_credentials.py")
        verify: Callable[[Mapping[str, Any]], Any] | None = getattr(module, "verify", None)
        if not callable(verify):
            raise ComponentError("verify_credentials.py has no function verify(config)")
        return verify

    def _import(self, what: str, main: str) -> ModuleType:
        """Import a file under its dotted name, so that other modules of the component import the same module."""
        path = Path(main) if main.endswith(".py") else Path(main + ".py")
        file = (self.root / path).resolve()
        if not file.is_relative_to(self.root.resolve()) or not file.is_file():
            raise ComponentError(f"Failed to load file '{main}': the component does not contain this file")
        folders = file.relative_to(self.root.resolve()).parts[:-1]
        dotted = ".".join((*folders, file.stem))
        try:
            self._adopt_packages(folders)
            module = importlib.import_module(dotted)
        except (Exception, SystemExit) as error:
            if isinstance(error, ImportError) and (owner := self._other_owner(error.name or "")):
                raise SameNameError(what, owner, str(error.name).partition(".")[0]) from error
            raise ComponentError(
                f"{what} is found, but can not be loaded. Please check if the file '{main}' is "
                f"correct: {type(error).__name__}: {error}"
            ) from error
        loaded = getattr(module, "__file__", None)
        if not loaded or Path(loaded).resolve() != file:
            raise SameNameError(what, loaded or "Python itself", dotted)
        return module

    def _other_owner(self, name: str) -> str | None:
        """Return where a package of this component was loaded from, if another folder has one of the same name."""
        top = name.partition(".")[0]
        if not top or not ((self.root / top).is_dir() or (self.root / f"{top}.py").is_file()):
            return None
        module = sys.modules.get(top)
        places = [*getattr(module, "__path__", ()), *filter(None, (getattr(module, "__file__", None),))]
        root = self.root.resolve()
        if not places or any(Path(place).resolve().is_relative_to(root) for place in places):
            return None
        return str(places[0])

    def _adopt_packages(self, folders: Sequence[str]) -> None:
        """Register folders without __init__.py as packages of this component.

        Otherwise Python would prefer a package of the same name anywhere on sys.path.
        """
        for depth in range(1, len(folders) + 1):
            name, folder = ".".join(folders[:depth]), self.root.joinpath(*folders[:depth])
            if name not in sys.modules and not (folder / "__init__.py").exists():
                package = ModuleType(name)
                package.__path__ = [str(folder)]
                sys.modules[name] = package
