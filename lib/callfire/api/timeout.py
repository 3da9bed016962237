"""The timeout of a request: its form field and its reader."""

from lib.callfire import form
from lib.callfire.form import Config, FormField

DEFAULT_TIMEOUT = 60.0  # seconds
LONGEST_TIMEOUT = 600.0
CONNECT_TIMEOUT = 10.0
VERIFICATION_TIMEOUT = 10.0
TIMEOUT: FormField = form.text_field(
    "Request Timeout (seconds)",
    f"Maximum time for one request to CallFire, 1 to {LONGEST_TIMEOUT:g}. Default: {DEFAULT_TIMEOUT:g}.",
    order=10,
    placeholder=f"{DEFAULT_TIMEOUT:g}",
)


def request_timeout(config: Config) -> float:
    """Read the form's timeout in seconds. Raises `InvalidSettings` for an invalid value."""
    return form.seconds(config, "timeout", DEFAULT_TIMEOUT, LONGEST_TIMEOUT)
