"""Calls of actions that fail, and responses with a complaint of CallFire."""

from typing import Any

import pytest

from lib.callfire.api.errors import CallFireError
from tests.lib.recording import Reply, json_reply
from tests.lib.steps import run

SECRET = "s3cr3t-pass"
READ = ("actions.get_text", {"id": 1})
UPDATE = ("actions.update_contact", {"id": 1, "firstName": "Ann"})
SEND = ("actions.send_texts", {"recipients": [{"phoneNumber": "12132000384"}], "defaultMessage": "the words of it"})
DELETE = ("actions.delete_contact", {"id": 1})


def complaint(status: int, **headers: str) -> Reply:
    body = {
        "httpStatusCode": status,
        "internalCode": 1234,
        "message": f"number 12132000384 is bad, so is {SECRET}",
        "helpLink": "x",
    }
    return json_reply(body, status, **headers)


def failure(call: tuple[str, Any], config: dict[str, Any]) -> CallFireError:
    """Return the error of a request, with a form that does not check for sends."""
    with pytest.raises(CallFireError) as caught:
        run(*call, config | {"errorPolicy": "error", "idempotency": "off"})
    return caught.value
