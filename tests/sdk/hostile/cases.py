"""The number and the seed of the generated cases. CONTRIBUTING.md describes the environment variables."""

import os
import random
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings

Test = TypeVar("Test", bound=Callable[..., Any])

CASES = int(os.environ.get("HOSTILE_CASES") or 1500)
SEED = int(os.environ.get("HOSTILE_SEED") or random.randrange(10**9))


def cases(share: float) -> Callable[[Test], Test]:
    """Return the decorator of a property that gets a share of all cases."""
    limits = settings(
        max_examples=max(round(CASES * share), 1),
        database=None,
        deadline=None,
        phases=[Phase.generate],  # shrinking would wait again for each message that is not settled
        suppress_health_check=list(HealthCheck),
    )

    def decorate(test: Test) -> Test:
        return limits(seed(SEED)(test))

    return decorate
