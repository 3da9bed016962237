"""The number of open messages: settlements that are repeated, and processes that die."""

import pytest
from elasticio_runner.engine.progress import Progress


@pytest.fixture
def progress() -> Progress:
    counted = Progress.of(["act"])
    for tracking_id in ("a", "b"):
        counted.sent("act", tracking_id)
    return counted


def test_a_message_that_is_settled_twice_counts_once(progress: Progress) -> None:
    progress.settled("act", "a")
    progress.settled("act", "a")
    assert progress.open == 1


def test_a_message_whose_acknowledgement_was_lost_counts_again(progress: Progress) -> None:
    progress.settled("act", "a")  # reported, but the process died before the acknowledgement was written
    progress.recounted("act", 2)
    for tracking_id in ("a", "b"):
        progress.settled("act", tracking_id)
    assert progress.open == 0


def test_after_a_recount_a_message_still_counts_once(progress: Progress) -> None:
    progress.settled("act", "a")
    progress.recounted("act", 2)
    for tracking_id in ("a", "a", "b", "b"):
        progress.settled("act", tracking_id)
    assert progress.open == 0


def test_each_recount_expects_all_messages_again(progress: Progress) -> None:
    for _ in range(2):
        progress.recounted("act", 2)
        progress.settled("act", "a")
        assert progress.open == 1
