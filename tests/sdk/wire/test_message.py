"""The message that passes from step to step."""

from typing import Any

import pytest
from elasticio import Message

WHOLE: dict[str, Any] = {
    "id": "1",
    "body": {"text": "x"},
    "headers": {"a": "b"},
    "attachments": {"a.txt": {"url": "http://x"}},
    "passthrough": {"step_1": {"body": {}}},
    "method": "POST",
    "query": {"page": "1"},
    "url": "/hook",
    "rest": {"kept": True},
    "nothing": None,
}


def test_the_json_form_contains_all_keys() -> None:
    message = Message.from_dict(WHOLE)
    assert message.to_dict() == WHOLE
    assert message.extra == {"rest": {"kept": True}, "nothing": None}
    assert (message.id, message.method, message.query, message.url) == ("1", "POST", {"page": "1"}, "/hook")


def test_an_empty_one() -> None:
    for message in (Message(), Message.from_dict({})):
        assert message.to_dict() == {"attachments": {}, "body": {}, "headers": {}}


@pytest.mark.parametrize("name", ["id", "headers", "attachments", "passthrough", "method", "query", "url"])
def test_null_counts_as_missing(name: str) -> None:
    assert Message.from_dict({name: None}) == Message()


@pytest.mark.parametrize("body", [None, False, 0, "", [], "text"])
def test_any_body_is_kept(body: Any) -> None:
    assert Message.from_dict({"body": body}).body == body
    assert Message(body=body).to_dict()["body"] == body


def test_empty_values_are_kept() -> None:
    assert Message(query={}, url="", id="").to_dict() | {} == {
        "id": "",
        "query": {},
        "url": "",
        "attachments": {},
        "body": {},
        "headers": {},
    }


def test_a_key_called_extra_is_data() -> None:
    assert Message.from_dict({"extra": 1}).to_dict()["extra"] == 1


def test_messages_have_separate_defaults() -> None:
    first, second = Message(), Message()
    first.body["a"] = first.headers["a"] = 1
    assert second == Message()


def test_it_is_created_with_keywords() -> None:
    with pytest.raises(TypeError):
        Message({"text": "x"})  # type: ignore[call-arg]
