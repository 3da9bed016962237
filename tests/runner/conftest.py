"""Fixtures for tests of whole flows."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elasticio_runner.engine.queues import IN_MEMORY
from elasticio_runner.flow_file.flow import Flow

from tests.runner.recorder import Running


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def amqp_uri(request: pytest.FixtureRequest) -> str:
    return IN_MEMORY if request.param == "memory" else str(request.getfixturevalue("broker").uri)


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def begin(flow: Flow, **options: Any) -> Running:
        started.append(Running(flow, **options))
        return started[-1]

    yield begin
    for running in started:
        running.runner.abort()
        running._thread.join()
