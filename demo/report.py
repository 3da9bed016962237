"""The table at the end: what came in, and what was answered."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.people import Person


def answers_are_right(people: Iterable[Person], answers: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether everybody got what they expected, and nobody else got anything."""
    expected = {person.number: person.expected_answers for person in people}
    got = {number: len(texts) for number, texts in answers.items()}
    return all(got.get(number, 0) == count for number, count in expected.items()) and got.keys() <= expected.keys()


def print_report(people: Sequence[Person], answers: Mapping[str, Sequence[str]]) -> None:
    """Print the table and the verdict."""
    table = Table("from", "text", "answered", title="What came in and what was answered", show_lines=True)
    for person in people:
        texts = answers.get(person.number, [])
        is_right = len(texts) == person.expected_answers
        told = "\n".join(texts) or "nothing, as it should be" if is_right else f"{len(texts)} answers: wrong"
        table.add_row(person.number, person.text, Text(told, "green" if is_right else "bold red"))
    console = Console()
    console.print(table)
    if answers_are_right(people, answers):
        console.print("Everybody got exactly one answer, and who wrote STOP got none.", style="bold green")
    else:
        console.print("Not everybody got exactly the answers that were due.", style="bold red")
