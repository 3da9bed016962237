"""A component's hooks: `startup` when its flow starts, `init` before the first message, `shutdown` when it stops.

`startup(config)` returns the data for `shutdown(config, data)`, e.g. the ID of a webhook. A hook with one more
parameter also receives the FlowFacts.
"""

import inspect
import logging
import threading
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from elasticio.platform.api import PlatformApi
from elasticio.runtime.component import Component, Function, refuse_unfinished
from elasticio.runtime.context import StepData
from elasticio.runtime.settings import Settings

log = logging.getLogger("sailor")

_SLOW = 60.0  # seconds after which a running hook is logged


@dataclass(frozen=True)
class FlowFacts:
    """The flow of a hook. `webhook_uri` is the URL that receives the flow's HTTP requests; None without a webhook."""

    flow_id: str
    step_id: str
    webhook_uri: str | None

    @classmethod
    def of(cls, settings: Settings) -> "FlowFacts":
        """Return the facts in a step's settings."""
        return cls(settings.flow_id, settings.step_id, settings.flow_webhook_uri or None)


def run_start_hooks(settings: Settings, function: Function, data: StepData, api: PlatformApi) -> None:
    """Run `startup` if the platform requires it, store its result, and run `init`."""
    if settings.startup_required:
        startup = function.find("startup")
        result = _call(startup, settings, deepcopy(dict(data.config))) if startup else None
        api.store_startup_data(settings.flow_id, result or {})
    if init := function.find("init"):
        _call(init, settings, deepcopy(dict(data.config)))


def run_shutdown_hook(settings: Settings) -> None:
    """Run `shutdown` with the stored result of `startup`, and delete that result. Does not use the broker."""
    api = PlatformApi.of(settings)
    data = StepData.read(api.step(settings.flow_id, settings.step_id))
    function = Component.load(settings.component_path).function(settings.function)
    state = api.startup_data(settings.flow_id)
    if shutdown := function.find("shutdown"):
        _call(shutdown, settings, deepcopy(dict(data.config)), state)
    api.delete_startup_data(settings.flow_id)


def _call(hook: Callable[..., Any], settings: Settings, *arguments: Any) -> Any:
    """Call a hook. A hook that runs for over a minute is logged."""
    watch = threading.Timer(_SLOW, _warn, (getattr(hook, "__name__", "?"),))
    watch.daemon = True
    watch.start()
    try:
        inspect.signature(hook).bind(*arguments, FlowFacts)
    except TypeError:
        facts: tuple[FlowFacts, ...] = ()
    else:
        facts = (FlowFacts.of(settings),)
    try:
        result = hook(*arguments, *facts)
        refuse_unfinished(getattr(hook, "__name__", "the hook"), result)
        return result
    finally:
        watch.cancel()


def _warn(name: str) -> None:
    log.warning("Still running the hook %s after %g s", name, _SLOW)
