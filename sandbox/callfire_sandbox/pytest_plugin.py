"""The pytest plugin: the fixture `callfire_sandbox`. pytest loads it when the distribution is installed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from callfire_sandbox.server import Running

MARKER = "callfire_sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that sets start options."""
    config.addinivalue_line("markers", f"{MARKER}(**options): start options of the fixture callfire_sandbox")


@pytest.fixture
def callfire_sandbox(request: pytest.FixtureRequest) -> "Iterator[Running]":
    """A fresh sandbox on a free port.

    `url`, `username` and `password` are for the code under test; its methods receive texts, return what was sent, set
    switches, inject faults and advance the clock. `@pytest.mark.callfire_sandbox(switches=…)` passes start options.
    """
    from callfire_sandbox.server import start  # noqa: PLC0415 - a test run without the fixture needs no server

    marker = request.node.get_closest_marker(MARKER)
    with start(**(marker.kwargs if marker else {})) as running:
        yield running
