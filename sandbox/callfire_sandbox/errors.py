"""Errors that the API answers, each with its HTTP status.

ApiError
├── BadRequestError       400  the request does not fit the operation
├── UnauthorizedError     401  the login is missing, wrong or not valid for this operation
├── ForbiddenError        403  the account may not do this (no credits, unverified caller ID)
├── NotFoundError         404  the resource does not exist
└── TooManyRequestsError  429  the `rate_limit` switch is exceeded
"""

from typing import Any

HELP = "https://developers.callfire.com/results-responses-errors.html"


class ApiError(Exception):
    """An error response with a status, a code and a message for the caller."""

    status = 400
    code = "invalid_request"

    def __init__(self, message: str, *, status: int | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status or self.status
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """Return the error body (schema ErrorResponse)."""
        return {
            "httpStatusCode": self.status,
            "internalCode": self.code,
            "message": self.message,
            "developerMessage": f"{type(self).__name__}: {self.message}",
            "helpLink": HELP,
        }


class BadRequestError(ApiError):
    """The request does not fit the operation."""


class UnauthorizedError(ApiError):
    """The login is missing, wrong, disabled or not valid for this operation."""

    status = 401
    code = "unauthorized"

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"WWW-Authenticate": 'Basic realm="CallFire API"'})


class ForbiddenError(ApiError):
    """The login is valid, but the account may not do this."""

    status = 403
    code = "forbidden"


class NotFoundError(ApiError):
    """The resource does not exist in this account."""

    status = 404
    code = "not_found"


class TooManyRequestsError(ApiError):
    """The account made more requests in a second than the `rate_limit` switch allows."""

    code = "rate_limit_exceeded"
