"""The runner's errors. Their texts are safe to print on a terminal.

ElasticioError          of the SDK
└── FlowError           the flow, its options or its files are invalid
    ├── FlowFileError   the flow file contains mistakes: one line for each (flow_file.problems)
    ├── UnknownNameError  the component has no function or field of this name
    ├── StaticSchemaError  a schema in component.json cannot be used
    ├── OutputError     standard output cannot be written
    └── AbandonedError  `exec` cannot continue, while the function may still be running
"""

from elasticio import ElasticioError

from elasticio_runner.terminal_text import printable


class FlowError(ElasticioError):
    """A flow or a function cannot run because of its file or its options."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))


class UnknownNameError(FlowError):
    """The component has no function or no field of this name, or the field has no options."""


class StaticSchemaError(FlowError):
    """A static schema of a function cannot be read, or is not an object."""


class OutputError(FlowError):
    """Standard output cannot be written: a closed pipe or a full disk."""


class AbandonedError(FlowError):
    """`exec` cannot continue. A thread of the component may still be running; the process should end."""


def describe(error: BaseException) -> str:
    """Return class and text of any error, even if its `__str__` raises."""
    try:
        text = str(error)
    except Exception as second:  # noqa: BLE001 (a component's class may raise anything here)
        text = f"its text is not available: __str__ raised {type(second).__name__}"
    return f"{type(error).__name__}: {text}"
