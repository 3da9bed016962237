"""RabbitMQ's consumer timeout: it closes the channel of a step that works too long on a message."""

import time
from collections.abc import Iterator

import pytest

from services.rabbitmq import PrivateBroker
from services.step_queues import StepQueues
from tests.integration.broker_client import CHANNEL_CLOSED, RESTORED, BrokerClient, Log
from tests.integration.broker_faults import consumer_timeout

pytestmark = pytest.mark.rabbitmq
PROMPTLY = 5  # maximum seconds; close() waits 10 s for a redelivery that can arrive

LEFT = "Leaving a processed message unsettled: its connection was lost"


@pytest.fixture(scope="module")
def server(faulty_broker: PrivateBroker) -> Iterator[PrivateBroker]:
    with consumer_timeout(faulty_broker, 1000):
        yield faulty_broker


def seconds_to_close(client: BrokerClient) -> float:
    client.broker.stop_consuming()
    started = time.monotonic()
    client.broker.close()
    return time.monotonic() - started


def test_a_message_that_outlasts_the_consumer_timeout_is_processed_once(queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues, rabbitmq_prefetch_sailor=2)
    queues.send_raw(b"slow", {"messageId": "slow"})
    slow = client.next()
    (line,) = log.wait_for(CHANNEL_CLOSED, 1)
    assert "connection=read" in line
    assert "timed out" in line
    log.wait_for(RESTORED, 1)
    slow.ack()
    queues.send_raw(b"next", {"messageId": "next"})
    following = client.next()
    assert following.body == b"next"
    following.ack()
    client.broker.close()
    assert queues.waiting(queues.input) == 0


def test_a_message_that_outlasts_the_consumer_timeout_may_be_processed_by_two_containers(
    queues: StepQueues, log: Log
) -> None:
    first = BrokerClient(queues)
    queues.send_raw(b"slow", {"messageId": "slow"})
    slow = first.next()
    second = BrokerClient(queues)
    log.wait_for(CHANNEL_CLOSED, 1)
    again = second.next()  # the other container gets it at once
    assert again.redelivered
    again.ack()
    slow.ack()  # no redelivery will arrive here, so it cannot be settled
    queues.send_raw(b"next", {"messageId": "next"})
    second.next().ack()
    for client in (first, second):
        assert seconds_to_close(client) < PROMPTLY
    assert [line for line in log.rest() if LEFT in line] == [f"WARNING {LEFT}; the broker will redeliver it"]
    assert queues.waiting(queues.input) == 0


def test_a_message_that_ends_before_its_redelivery_is_settled(queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues)
    queues.send_raw(b"slow", {"messageId": "slow"})
    slow = client.next()
    log.wait_for(CHANNEL_CLOSED, 1)
    slow.ack()
    assert seconds_to_close(client) < PROMPTLY
    assert not any(LEFT in line for line in log.rest())
    assert queues.waiting(queues.input) == 0
