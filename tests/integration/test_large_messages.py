"""A step processes hundreds of messages of one megabyte with little memory."""

from pathlib import Path
from typing import Any

import pytest

from services.encryption import decrypt, encrypt
from services.fake_platform import FakePlatform, Response
from services.step_environment import step_environment
from services.step_queues import StepQueues
from tests.integration.conftest import Figure
from tests.integration.step_process import StepProcess, python_step

BATCH = 20  # number of messages in the broker and in this process at the same time
MEGABYTE = "nineteen bytes ✓ " * (2**20 // 19 + 1)  # above the threshold for the object storage
SCRIPT = {"emit": [["data", {"body": MEGABYTE}]]}
FAST: dict[str, Any] = {"data_rate_limit": 1000}


def peak(step: StepProcess) -> float:
    """Return the peak memory of the process in MB (Linux)."""
    status = Path(f"/proc/{step.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def pass_through(queues: StepQueues, count: int, payload: bytes, version: int, expected: bytes) -> None:
    """Send a payload repeatedly in batches and check every output. The broker never holds many messages."""
    for start in range(0, count, BATCH):
        ids = [f"message {number}" for number in range(start, min(start + BATCH, count))]
        for message_id in ids:
            queues.send_raw(payload, {"messageId": message_id, "protocolVersion": version})
        outputs = queues.receive("data", len(ids))
        assert sorted(output.headers["parentMessageId"] for output in outputs) == sorted(ids)
        assert all(output.payload == expected for output in outputs)


@pytest.mark.parametrize(
    ("prefetch", "version", "count"),
    [(1, 1, 300), (10, 1, 300), (1, 2, 300)],
    ids=["prefetch 1", "prefetch 10", "protocol version 2"],
)
def test_the_memory_of_a_step_is_limited(
    prefetch: int, version: int, count: int, queues: StepQueues, platform: FakePlatform, figure: Figure
) -> None:
    payload = encrypt({"body": SCRIPT}, version)
    settings: dict[str, Any] = {"rabbitmq_prefetch_sailor": prefetch, "protocol_version": version}
    with python_step(step_environment(queues, platform, **settings, **FAST)) as step:
        at_start = peak(step.ready())
        queues.send_raw(payload, {"messageId": "first", "protocolVersion": version})
        (output,) = queues.receive("data")
        assert output.message == {"body": MEGABYTE, "headers": {}}
        pass_through(queues, 100, payload, version, output.payload)
        after_hundred = peak(step)
        pass_through(queues, count - 100, payload, version, output.payload)
        after_all = peak(step)
        assert step.end() == 0
    figure("peak at the start", f"{at_start:.0f} MB")
    figure("after 100", f"{after_hundred:.0f} MB")
    figure(f"after {count}", f"{after_all:.0f} MB")
    # after this, the peak grows only if several workers have large messages at the same time
    assert after_all - after_hundred < 8 + 4 * prefetch
    assert queues.waiting(queues.input) == queues.waiting(queues.queue("error")) == 0


def test_the_memory_is_limited_with_bodies_in_the_storage(
    queues: StepQueues, platform: FakePlatform, figure: Figure
) -> None:
    light = {"body": {}, "headers": {"x-ipaas-object-storage-id": "incoming"}}
    peaks = []
    with python_step(step_environment(queues, platform, emit_lightweight_message="true", **FAST)) as step:
        step.ready()
        for batch in range(10):
            platform.objects.clear()
            platform.requests.clear()
            platform.objects["incoming"] = Response(200, encrypt(SCRIPT, 2))
            for number in range(BATCH):
                queues.send(light, {"messageId": f"message {batch * BATCH + number}"})
            for output in queues.receive("data", BATCH):
                assert len(output.payload) < 1000
                assert output.message["body"] == {}
                stored = platform.objects[output.message["headers"]["x-ipaas-object-storage-id"]]
                assert isinstance(stored.body, bytes)
                assert decrypt(stored.body, 2) == MEGABYTE
            assert len(platform.objects) == BATCH + 1
            peaks.append(peak(step))
        assert step.end() == 0
    figure(f"after {BATCH}", f"{peaks[0]:.0f} MB")
    figure(f"after {BATCH * 10}", f"{peaks[-1]:.0f} MB")
    assert peaks[-1] - peaks[0] < 12
