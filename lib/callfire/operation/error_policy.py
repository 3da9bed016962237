"""Error policy: the form's errorPolicy selects whether temporary failures rebound a message or fail it."""

from collections.abc import Iterator
from contextlib import contextmanager

from elasticio import PlatformError, Rebound

from lib.callfire import form
from lib.callfire.api.errors import Temporary, Unavailable
from lib.callfire.form import Config, FormField

REBOUND, ERROR = "rebound", "error"
_ABOUT = "Applies to rate limits, timeouts and 5xx errors after the built-in retries."


def _error_policy(about: str) -> FormField:
    options = {REBOUND: "Use rebound functionality", ERROR: "Don't retry (throw error)"}
    return form.select("Error Handling Policy", about, options, order=20)


ERROR_POLICY = _error_policy(_ABOUT)
# For requests that are not safe to repeat
SEND_ERROR_POLICY = _error_policy(
    f"{_ABOUT} A send or order with an unknown outcome is checked first and never repeated blindly."
)


def error_policy(config: Config) -> str:
    """Read the form's errorPolicy: REBOUND or ERROR. Default: REBOUND."""
    if "errorPolicy" not in config:  # the usual case, on the path of every message
        return REBOUND
    return form.choice(config, "errorPolicy", REBOUND, (REBOUND, ERROR))


@contextmanager
def rebounding(config: Config) -> Iterator[None]:
    """Raise `Rebound` for a `Temporary` error, unless the form's errorPolicy is ERROR. Other errors are not changed."""
    policy = error_policy(config)
    try:
        yield
    except Temporary as error:
        if policy == ERROR:
            raise
        raise Rebound(str(error)) from error


@contextmanager
def platform_storage(what: str) -> Iterator[None]:
    """Raise `Unavailable` if the platform's storage fails temporarily. `what` names the file in the error.

    A status below 500 is permanent: that `PlatformError` is raised unchanged.
    """
    try:
        yield
    except PlatformError as error:
        if error.status is not None and error.status < 500:
            raise
        raise Unavailable(f"{what}: the platform's storage does not respond.") from error
    except OSError as error:
        raise Unavailable(f"{what}: the platform's storage cannot be read.") from error
