"""The health file: fresh while the broker is healthy, and never a reason to stop."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.runtime.health import HealthFile
from elasticio.runtime.sailor import Sailor

from tests.sdk.settings import settings

OLD = 1_000_000_000


class Health:
    """A broker whose health is scripted, and the sailor's `ended` event: one look for each answer, then the end.

    `seen` contains, for each look, whether the file was touched.
    """

    def __init__(self, file: Path, answers: Sequence[bool]) -> None:
        self.file = file
        self.answers = list(answers)
        self.seen: list[bool] = []

    def is_healthy(self) -> bool:
        return self.answers.pop(0)

    def wait(self, _timeout: float) -> bool:
        self.seen.append(self.file.exists() and self.file.stat().st_mtime != OLD)
        if self.file.exists():
            os.utime(self.file, (OLD, OLD))
        return not self.answers


def touches(file: Path, *answers: bool) -> list[bool]:
    """Return whether a sailor touched its health file at each look."""
    nothing: Any = None
    looks = Health(file, answers)
    broker_and_event: Any = looks
    sailor = Sailor(replace(settings(), health_file=str(file)), broker_and_event, nothing)
    sailor.ended = broker_and_event
    sailor.wait()
    assert sailor.failure is None
    return looks.seen


def test_the_file_is_touched_at_each_look_while_the_broker_is_healthy(tmp_path: Path) -> None:
    assert touches(tmp_path / "health", True, True, True) == [True, True, True]


def test_the_file_is_not_touched_while_the_broker_is_not_healthy(tmp_path: Path) -> None:
    assert touches(tmp_path / "health", True, False, False, True) == [True, False, False, True]


def test_the_file_appears_only_when_the_broker_is_healthy(tmp_path: Path) -> None:
    assert touches(tmp_path / "health", False, False) == [False, False]
    assert not (tmp_path / "health").exists()


def test_a_step_without_the_setting_does_not_ask_the_broker(tmp_path: Path) -> None:
    nothing: Any = None
    health: Any = Health(tmp_path / "health", ())
    sailor = Sailor(settings(), nothing, nothing)
    sailor.ended = health
    sailor.wait()
    assert not health.seen[0]


def test_a_file_that_cannot_be_written_is_one_log_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    missing = tmp_path / "no such folder" / "health"
    assert touches(missing, True, True, True) == [False, False, False]
    assert caplog.messages == [
        "Failed to write ELASTICIO_HEALTH_FILE, the step continues: No such file or directory",
    ]
    assert caplog.records[0].levelname == "WARNING"


def test_the_content_of_an_existing_file_remains(tmp_path: Path) -> None:
    file = tmp_path / "health"
    file.write_text("of the operator")
    os.utime(file, (OLD, OLD))
    HealthFile(str(file)).touch()
    assert file.stat().st_mtime != OLD
    assert file.read_text() == "of the operator"


def test_the_memory_broker_is_healthy() -> None:
    assert MemoryBroker(Hub(), "exchange", "input").is_healthy()


def test_a_folder_is_no_health_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its time could be set, but the documented probes look for a file."""
    HealthFile(str(tmp_path)).touch()
    assert caplog.messages == ["Failed to write ELASTICIO_HEALTH_FILE, the step continues: Is a directory"]


def test_the_file_of_an_earlier_process_is_removed_at_the_start(tmp_path: Path) -> None:
    """Otherwise a step that does not become ready has a file, which looks ready to a probe."""
    file = tmp_path / "health"
    file.touch()
    nothing: Any = None
    with pytest.raises(AttributeError):  # no broker: the start fails
        Sailor(replace(settings(), health_file=str(file)), nothing, nothing).start()
    assert not file.exists()


@pytest.mark.parametrize("name", ["", "missing", "."])
def test_removing_a_file_that_does_not_exist_does_nothing(name: str, tmp_path: Path) -> None:
    HealthFile(str(tmp_path / name) if name else "").remove()
    assert tmp_path.exists()
