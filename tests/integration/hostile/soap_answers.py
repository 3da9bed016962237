"""Hostile SOAP answers of CallFire's API 1.1."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.integration.hostile.answer import Answer, Meaning, fixed, response
from tests.integration.hostile.case import ENCODED_LOGIN, PASSWORD, PHONE

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_SERVICE = "http://api.callfire.com/service/xsd"
_ECHO = f"{PASSWORD} {ENCODED_LOGIN} {PHONE} (213) 555-0123"
_TYPE = "Content-Type: application/soap+xml; charset=utf-8"


def _envelope(content: str) -> bytes:
    return f'<s:Envelope xmlns:s="{_SOAP}"><s:Body>{content}</s:Body></s:Envelope>'.encode()


def created(number: int | str) -> bytes:
    """Return a good response."""
    return _envelope(f'<CreatedId xmlns="{_SERVICE}">{number}</CreatedId>')


def _fault(detail: str, reason: str = "x") -> bytes:
    return _envelope(
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>"
        f"<s:Reason><s:Text xml:lang='en'>{reason}</s:Text></s:Reason><s:Detail>{detail}</s:Detail></s:Fault>"
    )


def _info(code: str, text: str) -> str:
    return (
        f'<f:ServiceFaultInfo xmlns:f="{_SERVICE}"><f:FaultCode>{code}</f:FaultCode>'
        f"<f:Message>{text}</f:Message></f:ServiceFaultInfo>"
    )


def listed() -> Sequence[Answer]:
    """Return faults with secrets, odd faults, and XML that is not a response."""
    faults, others = _faults(), _others()
    meaning = Meaning.FAILED
    answers = [fixed("SOAP fault", name, meaning, response(body, 500, _TYPE)) for name, body in faults.items()]
    answers += [
        fixed("SOAP fault", f"{name}, 200", meaning, response(body, 200, _TYPE)) for name, body in faults.items()
    ]
    refused = _fault(_info("BAD_REQUEST", escape(_ECHO)))
    answers.append(fixed("SOAP fault", "a rejection with secrets", Meaning.REFUSED, response(refused, 500, _TYPE)))
    answers += [fixed("SOAP body", name, meaning, response(body, 200, _TYPE)) for name, body in others.items()]
    types = ("multipart/related; boundary=x", "multipart/related", "text/xml; charset=punycode", "x; charset=x", "\xff")
    for kind in types:
        name = f"type {kind!r}"
        answers.append(fixed("SOAP body", name, Meaning.EITHER, response(created(7), 200, f"Content-Type: {kind}")))
    return answers


def _faults() -> dict[str, bytes]:
    echo = escape(_ECHO)
    return {
        "secrets": _fault(_info("SERVER_ERROR", echo), echo),
        "secrets in the code": _fault(_info(echo, "x")),
        "secrets as elements": _fault(f"<x><Message>{echo}</Message><FaultCode>{echo}</FaultCode></x>"),
        "a processing instruction": _fault("<?x y?>" + _info("SERVER_ERROR", "x")),
        "a comment": _fault("<!-- x -->" + _info("SERVER_ERROR", "x<!-- y -->z")),
        "no detail": _fault(""),
        "no reason": _envelope("<s:Fault/>"),
        "two faults": _envelope("<s:Fault/><s:Fault/>"),
        "1 MB": _fault(_info("SERVER_ERROR", "x" * 1_000_000)),
        "deep": _fault("<a>" * 5000 + "</a>" * 5000),
    }


def _others() -> dict[str, bytes]:
    return {
        "empty": b"",
        "no XML": b"<html><body>login</body>",
        "another document": b"<x/>",
        "no body": f'<s:Envelope xmlns:s="{_SOAP}"/>'.encode(),
        "an empty body": _envelope(""),
        "another element": _envelope("<x/>"),
        "no number": created("x"),
        "an empty number": created(""),
        "a number of 5,000 digits": created("9" * 5000),
        "a fraction": created("1.5"),
        "not a finite number": created("INF"),
        "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + created("&b;"),
        "a file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + created("&a;"),
        "100,000 levels": b"<a>" * 100_000 + b"</a>" * 100_000,
        "no UTF-8": created("\xff").decode().encode("latin-1"),
        "null bytes": b"\0" * 1000,
    }
