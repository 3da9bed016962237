"""What goes wrong on purpose: a refusal that becomes CallFire's error body.

Refusal
├── BadRequest    400  the request is not what the operation takes
├── Unauthorized  401  no login, or not one that opens this
├── Forbidden     403  the login is right, the account may not (no credits, unverified caller id)
├── NotFound      404  no such thing
└── TooMany       429  faster than the `rate_limit` switch allows
"""

from typing import Any

HELP = "https://developers.callfire.com/results-responses-errors.html"


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure of the sandbox
    """A request that is refused, with the status and the message that the caller reads."""

    status = 400
    code = "invalid_request"

    def __init__(self, message: str, *, status: int | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status or self.status
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """CallFire's error body (schema ErrorResponse)."""
        return {
            "httpStatusCode": self.status,
            "internalCode": self.code,
            "message": self.message,
            "developerMessage": f"{type(self).__name__}: {self.message}",
            "helpLink": HELP,
        }


class BadRequest(Refusal):
    """The request is not what the operation takes."""


class Unauthorized(Refusal):
    """No login, a wrong one, a disabled one, or one that does not open this operation."""

    status = 401
    code = "unauthorized"

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"WWW-Authenticate": 'Basic realm="CallFire API"'})


class Forbidden(Refusal):
    """The login is right, but the account may not do this."""

    status = 403
    code = "forbidden"


class NotFound(Refusal):
    """No such thing in this account."""

    status = 404
    code = "not_found"


class TooMany(Refusal):
    """More requests in a second than the account may make."""

    code = "rate_limit_exceeded"
