"""SendCall of CallFire's API 1.1: writing the envelope and reading the answer with zeep, from a WSDL of our own.

The envelope goes out through our own client, so that connections, time-outs, the login and the outcome of failures are
the same as everywhere. Importing this module loads zeep: only the action that needs it does, and only when it runs.
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
from elasticio import HttpAnswer
from lxml import etree  # type: ignore[import-untyped]

from lib.callfire.api.client import Answer
from lib.callfire.api.credentials import DEFAULT_SERVER
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
_DATA = "{http://api.callfire.com/data}"
_TIMES = {"BeginTime", "EndTime"}
_REFUSED = {"BAD_REQUEST": Rejected, "FORBIDDEN": NotAllowed, "NOT_FOUND": NotFound, "NOT_IMPLEMENTED": Rejected}


@dataclass(frozen=True)
class _Reply:
    """An answer in the form in which zeep reads one of `requests`."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    encoding: str | None = None

    @classmethod
    def of(cls, answer: Answer) -> "_Reply":
        raw = answer.raw
        return cls(answer.status, raw.headers, raw.body if isinstance(raw, HttpAnswer) else b"")


def server_for(server: str) -> str:
    """Where API 1.1 is: CallFire's own, or beside the other address that the credentials name."""
    if server == DEFAULT_SERVER:
        return "https://www.callfire.com"
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}"


def envelope(values: Mapping[str, Any]) -> bytes:
    """Write the envelope for checked inputs."""
    arguments = _named(values)
    arguments["ToNumber"] = [_to_number(entry, row) for row, entry in enumerate(values["toNumber"])]
    client = _client()
    try:
        message = client.create_message(client.service, "SendCall", **arguments)
    except (ValueError, TypeError, zeep.exceptions.Error) as error:
        raise InvalidInput("a value cannot be written as XML: it may hold a control character") from error
    return bytes(etree.tostring(message, xml_declaration=True, encoding="utf-8"))


def created_id(answer: Answer, *, repeatable: bool) -> int | str:
    """Return the ID of what was created, or raise the error of the fault in the answer."""
    client = _client()
    operation = client.service._binding.get("SendCall")
    try:
        created = int(client.service._binding.process_reply(client, operation, _Reply.of(answer)))
        return exact_integer(str(created))
    except zeep.exceptions.Fault as fault:
        raise _judged(fault, repeatable=repeatable) from None  # its own text may show whole numbers
    except (zeep.exceptions.Error, etree.XMLSyntaxError, TypeError, ValueError):
        text = f"{WHAT}: CallFire answered {answer.status} with something that cannot be read. The outcome is unknown: "
        raise OutcomeUnknown(f"{text}look in CallFire before doing it again.") from None


@cache
def _client() -> Any:
    return zeep.Client(str(WSDL))  # type: ignore[no-untyped-call]


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn our names into CallFire's (`maxActive` is `MaxActive`), all the way down."""
    named: dict[str, Any] = {}
    for name, value in values.items():
        theirs = name[:1].upper() + name[1:]
        if theirs in _TIMES:
            named[theirs] = _time_of_day(name, value)
        else:
            named[theirs] = _named(value) if isinstance(value, Mapping) else value
    return named


def _time_of_day(name: str, value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput(f"{name}: must be a time of day such as 09:00:00") from error


def _to_number(entry: Mapping[str, Any], row: int) -> dict[str, Any]:
    attributes = entry.get("attributes") or {}
    for name in attributes:
        if not (
            name.isascii()
            and name.replace("-", "").replace("_", "").isalnum()
            and (name[0].isalpha() or name[0] == "_")
        ):
            raise InvalidInput(f"toNumber[{row}].attributes: names may have letters, digits, - and _ only")
    given = {"ClientData": entry["clientData"]} if "clientData" in entry else {}
    return {"_value_1": entry["number"], **given, **({"_attr_1": dict(attributes)} if attributes else {})}


def _judged(fault: Any, *, repeatable: bool) -> CallFireError:
    """A fault that names a refusal was not carried out; of any other that cannot be said."""
    code, said = "", fault.message or ""
    if fault.detail is not None:
        for element in fault.detail.iter():
            name = etree.QName(element).localname
            code = (element.text or "") if name == "FaultCode" else code
            said = (element.text or said) if name == "Message" else said
    text = f"{WHAT}: CallFire refused: {discreet(said)}" + (f" (code {code})" if code else "") + "."
    if code in _REFUSED:
        return _REFUSED[code](text)
    if repeatable:
        return Unavailable(text)
    return OutcomeUnknown(f"{text} The outcome is unknown: look in CallFire before doing it again.")
