from collections.abc import Iterator

import pytest

from lib.callfire import clock
from tests.lib.recording import Recorder, recording

REAL_SLEEP = clock.sleep


@pytest.fixture
def server() -> Iterator[Recorder]:
    with recording() as recorder:
        yield recorder


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between repeats, recorded and not slept."""
    noted: list[float] = []
    monkeypatch.setattr(clock, "sleep", noted.append)
    return noted


@pytest.fixture(autouse=True)
def _no_real_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the pauses in all tests, so that no test waits for them."""
    if clock.sleep is REAL_SLEEP:
        monkeypatch.setattr(clock, "sleep", lambda _seconds: None)
