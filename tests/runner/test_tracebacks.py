"""Tracebacks with the frames of a component only."""

from pathlib import Path

import pytest
from elasticio_runner.tracebacks import own_frames, traceback_of

ROOT = Path("/srv/component")
STACK = """\
Traceback (most recent call last):
  File "/usr/lib/python3.11/urllib/request.py", line 1, in open
    raise Other
Other

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/opt/sdk/elasticio/runtime/execution.py", line 5, in _process
    process(step)
    ^^^^^^^^^^^^^
  File "/srv/component/lib/act.py", line 7, in process
    raise Mine
  [Previous line repeated 3 more times]
  File "/srv/component/.venv/lib/python3.11/site-packages/x.py", line 8, in f
    g()
  File "/srv/other/act.py", line 9, in g
    raise Mine
Mine: a text
  File "not a frame
"""


def test_only_the_frames_of_the_component_remain() -> None:
    assert own_frames(STACK, ROOT).splitlines() == [
        "Other",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "/srv/component/lib/act.py", line 7, in process',
        "    raise Mine",
        "  [Previous line repeated 3 more times]",
        "Mine: a text",
        '  File "not a frame',
    ]


def test_a_component_in_the_folder_of_python_has_frames() -> None:
    stack = f'Traceback (most recent call last):\n  File "{Path(pytest.__file__)}", line 1, in f\n    x\nE: t\n'
    assert own_frames(stack, Path(pytest.__file__).parent) == stack.rstrip()


def test_a_text_that_is_no_traceback_does_not_change() -> None:
    assert own_frames("Not Available", ROOT) == "Not Available"


def test_an_error_without_frames_has_its_text() -> None:
    assert traceback_of(ValueError("no good"), ROOT) == "ValueError: no good"
