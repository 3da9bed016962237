"""The rate limit: a maximum number of requests in each second of the sandbox's clock."""

from callfire_sandbox.errors import TooManyRequestsError
from callfire_sandbox.world.state import World


class RateLimit:
    """Counts the requests of the current second."""

    def __init__(self) -> None:
        self._second = 0
        self._count = 0

    def check(self, world: World) -> None:
        """Count a request. Raises TooManyRequestsError above the `rate_limit` switch."""
        switches, now = world.switches, world.clock.now()
        if not switches.rate_limit:
            return
        if now // 1000 != self._second:
            self._second, self._count = now // 1000, 0
        self._count += 1
        if self._count > switches.rate_limit:
            headers = {"Retry-After": "1"} if switches.rate_retry_after else {}
            raise TooManyRequestsError(
                "The rate limit is exceeded. Retry in the next second.", status=switches.rate_status, headers=headers
            )
