from collections.abc import Iterator

import pytest
from callfire_sandbox.server import Running, start
from callfire_sandbox.switches import Switches
from callfire_sandbox.world.clock import Clock

from lib.callfire import clock
from tests.lib.triggers.account import START


@pytest.fixture
def polled(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A sandbox with large IDs. Its clock and the connector's stand at START until they are advanced."""
    time = Clock(still_at=START)
    monkeypatch.setattr(clock, "unix_ms", time.now)
    with start(clock=time, switches=Switches(ids="large")) as running:
        yield running
