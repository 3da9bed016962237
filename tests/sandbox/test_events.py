"""Server-sent events: live updates with ids that a browser can read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import PHONE, Client


@pytest.fixture
def updates(client: Client) -> Iterator[Iterator[tuple[str, Any]]]:
    with requests.get(f"{client.callfire.admin_url}/events", stream=True, timeout=10) as answer:
        lines = answer.iter_lines()
        assert next(lines) == b": listening"

        def events() -> Iterator[tuple[str, Any]]:
            kind = ""
            for line in lines:
                name, _, value = line.partition(b": ")
                if name == b"event":
                    kind = value.decode()
                elif name == b"data" and kind != "changed":
                    yield kind, json.loads(value)

        yield events()


def test_a_text_is_streamed_when_it_is_sent_and_when_it_is_finished(
    client: Client, updates: Iterator[tuple[str, Any]]
) -> None:
    client.switch(ids="large")
    number = client.text("hi")["id"]
    kind, text = next(updates)
    assert (kind, text["id"], text["state"], text["toNumber"]) == ("texts", str(number), "READY", PHONE)
    client.advance(1000)
    assert next(updates)[1]["state"] == "FINISHED"


def test_inbound_texts_and_broadcasts_are_streamed(client: Client, updates: Iterator[tuple[str, Any]]) -> None:
    client.inbound("hello")
    assert next(updates)[1]["message"] == "hello"
    body = {"message": "hi", "recipients": [{"phoneNumber": PHONE}]}
    assert client.post("/texts/broadcasts?start=true", json=body).ok
    client.advance(1000)
    kinds = [next(updates) for _ in range(4)]
    assert [(kind, record.get("status", record.get("state"))) for kind, record in kinds] == [
        ("text_broadcasts", "RUNNING"),
        ("texts", "READY"),
        ("texts", "FINISHED"),
        ("text_broadcasts", "FINISHED"),
    ]
