"""SendCall of CallFire's API 1.1: zeep encodes the envelope and decodes the response with the WSDL in this folder.

The client of API 2 sends the envelope. Connections, timeouts, credentials and errors are therefore the same for both.
This module loads zeep, which is slow: the action imports the module only when it runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import zeep
import zeep.exceptions
from elasticio import HttpResponse
from lxml import etree  # type: ignore[import-untyped]

from lib.callfire.api.client import Answer
from lib.callfire.api.credentials import DEFAULT_SERVER
from lib.callfire.api.error_mapping import UNKNOWN
from lib.callfire.api.errors import (
    CallFireError,
    InvalidInput,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    discreet,
)
from lib.callfire.exact_json import exact_integer

WSDL = Path(__file__).with_name("send_call_v1.wsdl")
ACTION = "http://api.callfire.com/service/wsdl/CallServicePortType/SendCall"
PATH = "/api/1.1/soap12/call"
WHAT = "SendCall (API 1.1)"
_TIMES = {"BeginTime", "EndTime"}
_REFUSED = {"BAD_REQUEST": Rejected, "FORBIDDEN": NotAllowed, "NOT_FOUND": NotFound, "NOT_IMPLEMENTED": Rejected}


@dataclass(frozen=True)
class _Reply:
    """A response with the attributes that zeep reads, those of a response of the package `requests`."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    encoding: str | None = None

    @classmethod
    def of(cls, answer: Answer) -> "_Reply":
        raw = answer.raw
        return cls(answer.status, raw.headers, raw.body if isinstance(raw, HttpResponse) else b"")


def server_for(server: str) -> str:
    """Return the address of API 1.1: CallFire's web site for CallFire's server, else the root of the given server."""
    if server == DEFAULT_SERVER:
        return "https://www.callfire.com"
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}"


def envelope(values: Mapping[str, Any]) -> bytes:
    """Return the envelope for checked inputs. Raises `InvalidInput` for values that XML cannot contain."""
    arguments = _named(values)
    arguments["ToNumber"] = [_to_number(entry, row) for row, entry in enumerate(values["toNumber"])]
    client = _client()
    try:
        message = client.create_message(client.service, "SendCall", **arguments)
    except (ValueError, TypeError, zeep.exceptions.Error) as error:
        raise InvalidInput("A value cannot be encoded as XML. Remove control characters from the texts.") from error
    return bytes(etree.tostring(message, xml_declaration=True, encoding="utf-8"))


def created_id(answer: Answer, *, repeatable: bool, secrets: tuple[str, ...]) -> int | str:
    """Return the ID of the broadcast, as text beyond 2^53 - 1. Raises a `CallFireError` for a fault.

    The error has no cause, because the text of the fault may contain `secrets` and full phone numbers.
    """
    client = _client()
    operation = client.service._binding.get("SendCall")
    try:
        created = int(client.service._binding.process_reply(client, operation, _Reply.of(answer)))
    except zeep.exceptions.Fault as fault:
        raise _error_of(fault, repeatable=repeatable, secrets=secrets) from None
    except Exception:  # noqa: BLE001 (zeep raises many classes for odd responses, e.g. IndexError for an empty body)
        raise OutcomeUnknown(f"{WHAT}: CallFire's response ({answer.status}) cannot be read. {UNKNOWN}") from None
    return exact_integer(str(created))


@cache
def _client() -> Any:
    return zeep.Client(str(WSDL))  # type: ignore[no-untyped-call]


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the names of API 1.1 at every depth, e.g. `MaxActive` for `maxActive`."""
    named: dict[str, Any] = {}
    for name, value in values.items():
        soap_name = name[:1].upper() + name[1:]
        if soap_name in _TIMES:
            named[soap_name] = _time_of_day(name, value)
        else:
            named[soap_name] = _named(value) if isinstance(value, Mapping) else value
    return named


def _time_of_day(name: str, value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput(f"{name}: must be a time of day, e.g. 09:00:00.") from error


def _to_number(entry: Mapping[str, Any], row: int) -> dict[str, Any]:
    attributes = entry.get("attributes") or {}
    for name in attributes:
        if not (
            name.isascii()
            and name.replace("-", "").replace("_", "").isalnum()
            and (name[0].isalpha() or name[0] == "_")
        ):
            raise InvalidInput(
                f"toNumber[{row}].attributes: names must start with a letter or _ and contain only letters, digits, - "
                "and _."
            )
    given = {"ClientData": entry["clientData"]} if "clientData" in entry else {}
    return {"_value_1": entry["number"], **given, **({"_attr_1": dict(attributes)} if attributes else {})}


def _error_of(fault: Any, *, repeatable: bool, secrets: tuple[str, ...]) -> CallFireError:
    """Return the error for a fault. For most fault codes, it is unknown whether CallFire executed the request."""
    code, said = "", fault.message or ""
    if etree.iselement(fault.detail):  # zeep also passes bytes
        for element in fault.detail.iter(etree.Element):
            name = etree.QName(element).localname
            code = (element.text or "") if name == "FaultCode" else code
            said = (element.text or said) if name == "Message" else said
    shown = discreet(said, *secrets) + (f" (code {discreet(code, *secrets)})" if code else "")
    text = f"{WHAT}: CallFire refused the request: {shown}."
    if code in _REFUSED:
        return _REFUSED[code](text)
    return Unavailable(text) if repeatable else OutcomeUnknown(f"{text} {UNKNOWN}")
