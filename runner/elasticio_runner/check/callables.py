"""Why the runtime cannot call a function of a component. Nothing is called."""

import inspect
from typing import Any

_ARGUMENTS = {"process": ("step", "message", "config", "snapshot")}
_OTHERS = ("config",)
HOOKS = ("init", "startup", "shutdown")  # the runtime passes as many arguments as they have


def misfit(name: str, value: Any) -> str:
    """Return what is wrong with a function, as the end of a sentence that begins with its name; empty if it fits.

    `process` may be a generator and has four arguments. All others but the hooks have one, the config.
    """
    called = value if inspect.isroutine(value) or inspect.isclass(value) else getattr(value, "__call__", value)  # noqa: B004
    if inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called):
        return "is async"
    if name != "process" and inspect.isgeneratorfunction(called):
        return "is a generator"
    if name in HOOKS:
        return ""
    expected = _ARGUMENTS.get(name, _OTHERS)
    try:
        inspect.signature(value).bind(*expected)
    except TypeError:
        return f"cannot be called with {'one argument' if expected == _OTHERS else f'{len(expected)} arguments'}"
    except ValueError:  # a function of C without a signature
        return ""
    return ""


def advice(name: str) -> str:
    """Return how to define a function that the runtime can call."""
    arguments = "" if name in HOOKS else f"({', '.join(_ARGUMENTS.get(name, _OTHERS))})"
    return f"Define {name}{arguments} as a plain function"
