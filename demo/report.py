"""The table at the end of the demo: each text message with its reply."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.senders import Sender


def is_success(senders: Iterable[Sender], replies: Mapping[str, Sequence[str]]) -> bool:
    """Return whether each sender received the expected number of replies, and no other number received any."""
    expected = {sender.number: sender.expected_replies for sender in senders}
    received = {number: len(texts) for number, texts in replies.items()}
    matches = all(received.get(number, 0) == count for number, count in expected.items())
    return matches and received.keys() <= expected.keys()


def print_report(senders: Sequence[Sender], replies: Mapping[str, Sequence[str]]) -> None:
    """Print the table and the result of the demo to standard output."""
    table = Table("From", "Text message", "Reply", title="Text messages and replies", show_lines=True)
    for sender in senders:
        texts = replies.get(sender.number, [])
        is_expected = len(texts) == sender.expected_replies
        shown = "\n".join(texts) or "none, as expected" if is_expected else f"wrong: {len(texts)} replies"
        table.add_row(sender.number, sender.text, Text(shown, "green" if is_expected else "bold red"))
    console = Console()
    console.print(table)
    if is_success(senders, replies):
        console.print("Each sender received exactly one reply. The sender of STOP received none.", style="bold green")
    else:
        console.print("The number of replies is wrong. See the rows in red.", style="bold red")
