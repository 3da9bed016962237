"""Hostile messages to a step's process: each is settled once, and the messages behind it are processed."""

import os
import random

import pytest

from services.rabbitmq import Broker
from tests.integration.conftest import Figure
from tests.integration.hostile import attack, generated, listed

SEED = int(os.environ.get("HOSTILE_SEED") or random.randrange(10**6))
CASES = 30  # generated cases of each class; `python -m tests.integration.hostile` runs more


@pytest.mark.rabbitmq
def test_hostile_messages_are_settled_and_do_not_affect_others(broker: Broker, figure: Figure) -> None:
    figure("HOSTILE_SEED", SEED)
    count = attack(broker.uri, [*listed(), *generated(CASES, SEED)])
    for kind, number in sorted(count.items()):
        figure(kind, number)
    assert count.total() > 4 * CASES
