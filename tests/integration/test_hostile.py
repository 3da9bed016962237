"""Hostile inputs to a step's process: each has one outcome, and the messages behind it are processed.

`python -m tests.integration.hostile` runs thousands of cases.
"""

import os
import random

import pytest

from services.rabbitmq import Broker
from tests.integration.conftest import Figure
from tests.integration.hostile import campaign
from tests.integration.hostile.attack import Report
from tests.integration.hostile.operations import OPERATIONS

SEED = int(os.environ.get("HOSTILE_SEED") or random.randrange(10**6))
MESSAGES = 30  # generated messages of each class
COUNT = 6  # operations, which the seed selects
ANSWERS = 30  # answers to each operation


POLLS = 8  # answers to a polling trigger


def check(report: Report, figure: Figure) -> None:
    figure("HOSTILE_SEED", SEED)
    figure("cases", report.count.total())
    figure("slowest", f"{report.slowest:.1f} s")
    assert not report.failures, "\n".join(map(str, report.failures))


@pytest.mark.rabbitmq
def test_hostile_messages_are_settled_and_do_not_affect_others(broker: Broker, figure: Figure) -> None:
    report = campaign.attack_by_messages(broker.uri, MESSAGES, SEED)
    assert report.count.total() > 4 * MESSAGES
    check(report, figure)


@pytest.mark.rabbitmq
def test_hostile_answers_have_the_outcome_of_the_table(broker: Broker, figure: Figure) -> None:
    operations = random.Random(SEED).sample(OPERATIONS, COUNT)
    figure("operations", ", ".join(operation.name for operation in operations))
    report = campaign.attack_by_answers(broker.uri, ANSWERS, SEED, operations=operations)
    assert report.count.total() > COUNT * ANSWERS / 2
    check(report, figure)


@pytest.mark.rabbitmq
def test_a_polling_trigger_emits_the_good_items(broker: Broker, figure: Figure) -> None:
    report = campaign.attack_by_polls(broker.uri, POLLS, SEED)
    assert report.count["item"] > 15
    check(report, figure)
