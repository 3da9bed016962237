"""What the tests of the SDK share."""

from collections.abc import Iterator

import pytest

from tests.sdk.fake_platform import FakePlatform, fake_platform


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with fake_platform() as running:
        yield running
