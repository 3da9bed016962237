"""Hooks of a component: one that takes long is logged, and one whose body would not run is an error."""

import threading
from collections.abc import AsyncIterator, Iterator
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest
from elasticio import ComponentError
from elasticio.runtime import hooks
from elasticio.runtime.context import StepData

from tests.sdk.settings import settings


class Function:
    """A function whose module has one hook."""

    def __init__(self, init: Any) -> None:
        self._init = init

    def find(self, name: str) -> Any:
        return self._init if name == "init" else None


def run(init: Any) -> None:
    function: Any = Function(init)
    api: Any = SimpleNamespace()
    hooks.run_start_hooks(settings(), function, StepData.read({}), api)


def test_a_hook_that_takes_long_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_SLOW", 0.01)
    lines: SimpleQueue[str] = SimpleQueue()
    monkeypatch.setattr(hooks.log, "warning", lambda text, *args: lines.put(text % args))

    def init(_config: Any) -> None:
        assert lines.get(timeout=30) == "Still running the hook init after 0.01 s"

    run(init)


async def waits(_config: Any) -> None: ...


async def streams(_config: Any) -> AsyncIterator[int]:
    yield 1


def yields(_config: Any) -> Iterator[int]:
    yield 1


@pytest.mark.parametrize("init", [waits, streams, yields])
def test_a_hook_whose_body_would_not_run_is_an_error(init: Any) -> None:
    with pytest.raises(ComponentError, match=f"{init.__name__} must be a plain function, neither async nor"):
        run(init)


def test_a_fast_hook_is_not_logged_and_leaves_no_thread(caplog: pytest.LogCaptureFixture) -> None:
    class Init:
        """A hook without a name."""

        def __call__(self, _config: Any) -> None:
            pass

    before = set(threading.enumerate())
    run(Init())
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
        assert not thread.is_alive()
    assert caplog.records == []
