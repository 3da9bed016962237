"""One hostile message, its possible outcomes, and a violation of the guarantee."""

from dataclasses import dataclass
from typing import Any

import pika

from services.encryption import encrypt
from tests.integration.odd_headers import EncodedHeaders

RESULT, ERROR, REBOUND, UNREADABLE = "result", "error", "rebound", "unreadable"
ANY_OUTCOME = frozenset({RESULT, ERROR, REBOUND, UNREADABLE})
SECRET, PASSWORD, SIGNATURE = "s3cret-of-the-message", "s3cret-of-the-credentials", "s3cret-of-the-signed-url"
ENCODED_LOGIN = "bG9naW46czNjcmV0LW9mLXRoZS1jcmVkZW50aWFscw"  # login:PASSWORD in base64
PHONE = "12135550123"
SIGNED = f"https://files.example.com/a.csv?signature={SIGNATURE}"
SECRETS = (SECRET, PASSWORD, SIGNATURE, ENCODED_LOGIN, PHONE, PHONE[1:], "(213) 555-0123")


@dataclass(frozen=True)
class Case:
    """One hostile message. The class `kind` and the name are for the report.

    expected  the outcomes that are right: RESULT, ERROR, REBOUND, UNREADABLE, or the name of a published error
    number    the number of the case in the requests to CallFire; 0: there are none
    """

    kind: str
    name: str
    payload: bytes
    properties: pika.BasicProperties
    expected: frozenset[str] = ANY_OUTCOME
    number: int = 0

    @property
    def can_be_written(self) -> bool:
        """Whether pika can write the properties."""
        try:
            self.properties.encode()
        except Exception:  # noqa: BLE001 (pika raises many classes, also struct.error and AssertionError)
            return False
        return True

    @property
    def message_id(self) -> str | None:
        """The header messageId, by which the outcome is found. None if that header is hostile, too."""
        if isinstance(self.properties, EncodedHeaders):
            return None
        given = self.properties.headers.get("messageId")
        return given if isinstance(given, str) and given.startswith("hostile-") else None


@dataclass(frozen=True)
class Failure:
    """A violation of the guarantee, by one case or by a group of cases."""

    kind: str
    case: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.case}: {self.reason}"


_numbers = iter(range(1, 1_000_000_000))


def raw(
    kind: str,
    name: str,
    payload: bytes,
    headers: Any = None,
    *,
    expected: frozenset[str] = ANY_OUTCOME,
    number: int = 0,
    **properties: Any,
) -> Case:
    """Return a case with any payload. Its ID is unique unless the headers contain one."""
    table = {"messageId": f"hostile-{next(_numbers)}", **(headers or {})}
    basic = pika.BasicProperties(headers=table, delivery_mode=2, **properties)
    return Case(kind, name, payload, basic, expected, number)


def message(kind: str, name: str, body: Any, headers: Any = None, **properties: Any) -> Case:
    """Return a case with a message that can be decrypted."""
    return raw(kind, name, encrypt(body), headers, **properties)
