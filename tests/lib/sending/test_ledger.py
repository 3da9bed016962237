"""The memory of the ledger: it is limited by messages and by recipients."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from elasticio import Rebound
from elasticio.wire.incoming import Incoming

from lib.callfire.sending import ledger
from lib.callfire.sending.ledger import MessageLedger
from lib.callfire.sending.recipients import Recipient


@contextmanager
def working(messages: MessageLedger, key: str, recipients: int = 1, *, finish: bool = True) -> Iterator[None]:
    """Send a message with mapped keys, and remain in progress for the block."""
    with messages.working_on(key, Incoming(thread_id="thread", message_id=key), idempotency=True) as entry:
        entry.note_attempt(Recipient(n, f"{key}-{n}", {}, "recipients[0].idempotencyKey") for n in range(recipients))
        yield
        if finish:
            entry.finish()


def work(messages: MessageLedger, key: str, recipients: int = 1, *, finish: bool = True) -> None:
    with working(messages, key, recipients, finish=finish):
        pass


def known(messages: MessageLedger) -> list[str]:
    return list(messages._entries)


def test_the_oldest_messages_are_removed() -> None:
    messages = MessageLedger(size=3)
    for key in ("a", "b", "a", "c", "d"):
        work(messages, key)
    assert known(messages) == ["a", "c", "d"]


@pytest.mark.parametrize(("finish", "kept"), [(True, ["c", "d"]), (False, ["d"])])
def test_messages_with_many_recipients_are_removed_earlier(
    finish: bool, kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finished message keeps one record per mapped key, an unfinished one two."""
    monkeypatch.setattr(ledger, "MOST_KEYS", 20)
    messages = MessageLedger()
    for key in ("a", "b", "c", "d"):
        work(messages, key, recipients=10, finish=finish)
    assert known(messages) == kept
    for _ in range(3):
        work(messages, "d", recipients=10, finish=finish)  # counts once
    assert known(messages) == kept
    messages.forget()
    work(messages, "e", recipients=10, finish=finish)
    assert messages._keys == (10 if finish else 20)
    messages.drop("e")
    assert (known(messages), messages._keys) == ([], 0)


def test_a_message_in_progress_and_the_newest_message_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_KEYS", 20)
    messages = MessageLedger(size=2)
    with working(messages, "a"):
        for key in ("b", "c", "d"):
            work(messages, key, recipients=50)
        assert known(messages) == ["a", "d"]
        with pytest.raises(Rebound):
            work(messages, "a")
    work(messages, "e", recipients=50)
    assert known(messages) == ["e"]
