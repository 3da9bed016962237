"""Fixtures of the SDK's tests."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

WriteComponent = Callable[..., Path]

# the speed of the machine must not fail a test
hypothesis_settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any-speed")


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the pauses between the attempts of a request and do not sleep."""
    noted: list[float] = []
    # Not time.sleep itself: servers of other tests sleep in this process, too.
    monkeypatch.setattr("elasticio.platform.retries.time", SimpleNamespace(sleep=noted.append))
    return noted


@pytest.fixture
def write_component(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteComponent]:
    """Write a component to the working directory: its descriptor and {path: source}. Unload its modules at the end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in [name for name in sys.modules if name.split(".")[0] in {"lib", "verify_credentials"}]:
        monkeypatch.delitem(sys.modules, name)  # this repository's own component, which other tests have loaded
    before = set(sys.modules)

    def write(descriptor: Any, files: dict[str, str] | None = None) -> Path:
        (tmp_path / "component.json").write_text(json.dumps(descriptor))
        for path, source in (files or {}).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(source)
        importlib.invalidate_caches()
        return tmp_path

    yield write
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        path = [*getattr(sys.modules[name], "__path__", ())]
        if any(Path(place).is_relative_to(tmp_path) for place in [file, *path] if place):
            del sys.modules[name]
