"""A component's hooks: `startup` and `shutdown` when its flow is switched on and off, `init` before the first message.

`startup(config)` returns what `shutdown(config, data)` will need, e.g. the id of a webhook. A hook that takes one
parameter more is given the facts of its flow, too.
"""

import inspect
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from elasticio.platform.api import PlatformApi
from elasticio.runtime.component import Component, Function
from elasticio.runtime.context import StepData
from elasticio.runtime.settings import Settings


@dataclass(frozen=True)
class FlowFacts:
    """What a hook may know of its flow. `webhook_uri` is where it takes HTTP requests, None where it takes none."""

    flow_id: str
    step_id: str
    webhook_uri: str | None

    @classmethod
    def of(cls, settings: Settings) -> "FlowFacts":
        """Take them from the step's settings."""
        return cls(settings.flow_id, settings.step_id, settings.flow_webhook_uri or None)


def run_start_hooks(settings: Settings, function: Function, data: StepData, api: PlatformApi) -> None:
    """Run `startup`, where the platform asks for it, and store what it returns; then `init`."""
    if settings.startup_required:
        startup = function.find("startup")
        result = _call(startup, settings, deepcopy(dict(data.config))) if startup else None
        api.store_startup_data(settings.flow_id, result or {})
    if init := function.find("init"):
        _call(init, settings, deepcopy(dict(data.config)))


def run_shutdown_hook(settings: Settings) -> None:
    """Undo what `startup` has done, e.g. remove a webhook; needs no broker."""
    api = PlatformApi.of(settings)
    data = StepData.read(api.step(settings.flow_id, settings.step_id))
    function = Component.load(settings.component_path).function(settings.function)
    state = api.startup_data(settings.flow_id)
    if shutdown := function.find("shutdown"):
        _call(shutdown, settings, deepcopy(dict(data.config)), state)
    api.delete_startup_data(settings.flow_id)


def _call(hook: Callable[..., Any], settings: Settings, *arguments: Any) -> Any:
    try:
        inspect.signature(hook).bind(*arguments, FlowFacts)
    except TypeError:
        return hook(*arguments)
    return hook(*arguments, FlowFacts.of(settings))
