"""The table at the end: the texts and their answers."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.people import Person


def answers_are_right(people: Iterable[Person], answers: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether each person received the expected answers, and no other number received any."""
    expected = {person.number: person.expected_answers for person in people}
    got = {number: len(texts) for number, texts in answers.items()}
    return all(got.get(number, 0) == count for number, count in expected.items()) and got.keys() <= expected.keys()


def print_report(people: Sequence[Person], answers: Mapping[str, Sequence[str]]) -> None:
    """Print the table and the verdict."""
    table = Table("from", "text", "answered", title="Texts and answers", show_lines=True)
    for person in people:
        texts = answers.get(person.number, [])
        is_right = len(texts) == person.expected_answers
        told = "\n".join(texts) or "none, as expected" if is_right else f"{len(texts)} answers: wrong"
        table.add_row(person.number, person.text, Text(told, "green" if is_right else "bold red"))
    console = Console()
    console.print(table)
    if answers_are_right(people, answers):
        console.print("Everybody got exactly one answer, except the person who wrote STOP.", style="bold green")
    else:
        console.print("The answers are not the expected ones.", style="bold red")
