"""Requests to the API. An action declares an `Operation`, which sends one request for each message.

A request that the API may have executed is repeated only if two executions have the same effect as one. By default,
only GET is repeated. Errors contain the API's own message, without inputs and credentials.
"""

import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from elasticio import HttpClient, HttpFailure, HttpResponse, Message, Rebound, Step, Unanswered

from . import encoding
from .encoding import ApiError, Input

__all__ = ["Api", "ApiError", "ApiKey", "BasicLogin", "BearerToken", "Input", "Operation", "OutcomeUnknown"]
TIMEOUT = 60.0  # seconds for one request
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class OutcomeUnknown(ApiError):  # noqa: N818 (states what happened)
    """The API may have executed a request, but there is no usable response. The request is not repeated."""


@dataclass(frozen=True)
class ApiKey:
    """A key that is sent in a header, the query or a cookie. `field` is the field of the credentials."""

    field: str
    place: Literal["header", "query", "cookie"]
    name: str


@dataclass(frozen=True)
class BasicLogin:
    """A login with HTTP Basic authentication. Both values are fields of the credentials."""

    username: str = "username"
    password: str = "password"  # noqa: S105 (the name of a field)


@dataclass(frozen=True)
class BearerToken:
    """A token in the header Authorization. `field` is the field of the credentials."""

    field: str = "accessToken"


@dataclass(frozen=True)
class Api:
    """The API: its address, and the ways to log in.

    server     default address; {NAME} is a variable, which is a field of the credentials
    variables  {name: default} of the variables
    logins     all logins whose fields are filled in are sent
    """

    server: str
    variables: Mapping[str, str]
    logins: tuple[ApiKey | BasicLogin | BearerToken, ...] = ()

    def address(self, config: Mapping[str, Any]) -> str:
        """Return the address of the server. Raises ApiError if the credentials contain an invalid one."""
        address = str(config.get("server") or self.server).strip()
        for name, default in self.variables.items():
            address = address.replace(f"{{{name}}}", str(config.get(name) or default).strip())
        if not _is_address(address):
            raise ApiError("server: the address is invalid. Write an address that begins with https://.")
        return address

    def request(
        self,
        config: Mapping[str, Any],
        method: str,
        path: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> HttpResponse:
        """Send one request. Raises ApiError for invalid credentials, HttpFailure if there is no response."""
        sent, login_query = self._login(config)
        merged = {**(headers or {}), **sent}
        if cookies := "; ".join(each["Cookie"] for each in (headers or {}, sent) if "Cookie" in each):
            merged["Cookie"] = cookies
        queries = "&".join(filter(None, (query, login_query)))
        target = f"{path}{'&' if '?' in path else '?'}{queries}" if queries else path
        try:
            client = _client(self.address(config))
            return client.request(method, target, headers=merged, body=body)
        except ValueError as error:
            raise ApiError("credentials: a value cannot be sent. Remove line breaks and special characters.") from error

    def verify(self, config: Mapping[str, Any], path: str) -> bool:
        """Return True if a GET of this path is not refused. Raises ApiError with the reason and what to do."""
        try:
            response = self.request(config, "GET", path, headers={"Accept": "*/*"})
        except HttpFailure as failure:
            raise ApiError(f"server: the API cannot be reached ({failure}). Correct the address.") from failure
        if response.status in (401, 403):
            reason = encoding.reason(response, tuple(self.secrets(config)))
            raise ApiError(f"credentials: the API refused them{reason}. Correct the credentials.")
        return True

    def secrets(self, config: Mapping[str, Any]) -> Iterator[str]:
        """Yield the values of the credentials, which errors must not contain."""
        for login in self.logins:
            names = (login.username, login.password) if isinstance(login, BasicLogin) else (login.field,)
            yield from (str(config[name]) for name in names if config.get(name))

    def _login(self, config: Mapping[str, Any]) -> tuple[dict[str, str], str]:
        """Return the headers and the query that contain the credentials."""
        headers: dict[str, str] = {}
        query: dict[str, str] = {}
        for login in self.logins:
            if isinstance(login, BasicLogin):
                if config.get(login.username):
                    headers["Authorization"] = encoding.basic(config[login.username], config.get(login.password) or "")
                continue
            value = str(config.get(login.field) or "").strip()
            if not value:
                continue
            if isinstance(login, BearerToken):
                headers["Authorization"] = f"Bearer {value}"
            elif login.place == "query":
                query[login.name] = value
            elif login.place == "cookie":
                headers["Cookie"] = "; ".join(filter(None, (headers.get("Cookie"), f"{login.name}={value}")))
            else:
                headers[login.name] = value
        return headers, urllib.parse.urlencode(query)


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    path          path below the server; {NAME} is replaced by an input
    inputs        the inputs that a message may contain
    content_type  of the request's body; empty without a body
    whole_body    name of the input that is the whole body; empty if the body is an object of several inputs
    repeatable    two executions have the same effect as one. Default: for GET
    """

    api: Api
    method: str
    path: str
    inputs: tuple[Input, ...] = ()
    content_type: str = ""
    whole_body: str = ""
    repeatable: bool = False

    def process(self, step: Step, message: Message, config: Mapping[str, Any], snapshot: Any) -> Message:  # noqa: ARG002
        """Send the request of a message. Raises ApiError, or Rebound if the request can be repeated later."""
        values = self._values(message)
        if step.incoming.redelivered and not self.is_repeatable:
            raise OutcomeUnknown(
                f"{self}: this message was delivered before, so the API may have executed it. "
                "Check the API before you send the message again."
            )
        path, query, headers = encoding.parameters(self.path, self.inputs, values)
        content, content_type = encoding.body(
            self.content_type, self.whole_body, self.inputs, values, step=step, message=message
        )
        headers |= {"Accept": "application/json, */*"} | ({"Content-Type": content_type} if content is not None else {})
        try:
            response = self.api.request(config, self.method, path, query=query, headers=headers, body=content)
        except HttpFailure as failure:
            if isinstance(failure, Unanswered) and not self.is_repeatable:
                raise self._unknown(str(failure)) from failure
            raise Rebound(f"{self}: {failure}") from failure
        self._check(response, (*self.api.secrets(config), *encoding.texts(values)))
        return encoding.message(response, step)

    @property
    def is_repeatable(self) -> bool:
        """Whether two executions have the same effect as one."""
        return self.repeatable or self.method in SAFE_METHODS

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def _values(self, message: Message) -> dict[str, Any]:
        """Return the given inputs. Raises ApiError for a missing, an unknown or an invalid input."""
        given = message.body if isinstance(message.body, Mapping) else {}
        known = {each.name: each for each in self.inputs}
        for name in given:
            if name not in known:
                raise ApiError(f"{name}: this input is unknown. Use one of: {', '.join(known) or 'no input'}.")
        values = {}
        for name, each in known.items():
            if given.get(name) not in (None, ""):
                values[name] = encoding.convert(each, given[name])
            elif each.required:
                raise ApiError(f"{name}: this input is required. Map a value to it.")
        return values

    def _check(self, response: HttpResponse, secrets: tuple[str, ...]) -> None:
        """Raise an error if the response does not report success."""
        status = response.status
        if 200 <= status < 300:
            return
        what = f"{self}: status {status}{encoding.reason(response, secrets)}"
        if status in (425, 429) or (self.is_repeatable and (status == 408 or status >= 500)):
            raise Rebound(what)
        if status == 408 or status >= 500:
            raise self._unknown(what.removeprefix(f"{self}: "))
        advice = {
            401: "Correct the credentials.",
            403: "Check the permissions of the credentials.",
            404: "Check the IDs in the input, and the field server.",
        }
        moved = "The address has changed. Correct the field server."
        raise ApiError(f"{what}. {moved if status < 400 else advice.get(status, 'Correct the input.')}")

    def _unknown(self, reason: str) -> OutcomeUnknown:
        advice = "Check the API before you send the message again."
        return OutcomeUnknown(f"{self}: {reason}. The API may have executed the request. {advice}")


def _is_address(text: str) -> bool:
    """Return whether a text is an address of a server, without variables that have no value."""
    try:
        parts = urllib.parse.urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "{" not in text
    except ValueError:  # an invalid port or host
        return False


@lru_cache(maxsize=16)
def _client(address: str) -> HttpClient:
    """Return the client for a server. Threads share it, and connections are reused."""
    return HttpClient(address, timeout=TIMEOUT)
