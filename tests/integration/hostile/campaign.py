"""All attacks: hostile messages, hostile answers to each operation, and hostile answers to a polling trigger."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.integration.hostile import answers, generated_answers, messages
from tests.integration.hostile.answer import Answer, Meaning
from tests.integration.hostile.answer_server import answer_server
from tests.integration.hostile.attack import Report, attack
from tests.integration.hostile.operations import OPERATIONS, Operation
from tests.integration.hostile.polling import attack_by_polling
from tests.integration.step_process import Checkout

AT_ONCE = 6  # operations


def attack_by_messages(
    uri: str, count: int, seed: int, checkout: Checkout | None = None, *, each: bool = False
) -> Report:
    """Attack with the listed messages and `count` generated ones of each of four classes."""
    report = Report()
    for target, cases in (
        (messages.SCRIPT, [*messages.listed(), *messages.generated(count, seed)]),
        (messages.ERROR_INPUT, [*messages.error_input()]),
        (messages.LOST_CONNECTION, [*messages.unhashable()]),
    ):
        report.add(attack(uri, target, cases, checkout or Checkout(), each=each))
    return report


def attack_by_answers(
    uri: str,
    count: int | None,
    seed: int,
    checkout: Checkout | None = None,
    *,
    each: bool = False,
    operations: Sequence[Operation] = OPERATIONS,
) -> Report:
    """Attack each operation with `count` answers, or with all listed and as many generated ones."""
    report, code = Report(), checkout or Checkout()

    def run(operation: Operation) -> Report:
        given = [*_selected(operation, count, random.Random(f"{seed} {operation.name}"))]
        return _attack(uri, operation, given, code, each=each)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one in pool.map(run, operations):
            report.add(one)
    return report


def attack_by_polls(uri: str, count: int, seed: int, checkout: Checkout | None = None) -> Report:
    """Attack a polling trigger with all odd items, a full disk, and `count` of the listed answers.

    Answers that are retried for seconds are left out: those of the operations cover them.
    """
    quick = {Meaning.GOOD, Meaning.EMPTY, Meaning.DATA, Meaning.NOT_JSON, Meaning.REFUSED}
    listed = [answer for answer in answers.listed() if answer.meaning in quick]
    return attack_by_polling(uri, random.Random(seed).sample(listed, min(count, len(listed))), checkout)


def _selected(operation: Operation, count: int | None, chance: random.Random) -> Iterator[Answer]:
    """Yield answers: one half of them is listed, the other half is generated."""
    listed = [answer for answer in [*answers.listed(), *operation.more()] if operation.applies(answer)]
    number = len(listed) if count is None else count // 2
    yield from listed if count is None else chance.sample(listed, number)
    yield from generated_answers.generated(number, chance)


def _attack(uri: str, operation: Operation, given: Sequence[Answer], checkout: Checkout, *, each: bool) -> Report:
    with answer_server(operation.server()) as server:
        return attack(uri, operation.attack_target(server), [*operation.cases(server, given)], checkout, each=each)
