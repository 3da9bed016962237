"""Prints the seed of the generated cases."""

import pytest

from tests.sdk.hostile.cases import CASES, SEED


@pytest.fixture(autouse=True)
def _seed() -> None:
    """Print the seed; pytest shows it with a failure."""
    print(f"Generated cases: HOSTILE_CASES={CASES} HOSTILE_SEED={SEED}")
