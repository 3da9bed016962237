"""Get Conversation with the sandbox, for all settings of undocumented behavior of CallFire."""

import itertools
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches
from callfire_sandbox.world.clock import Clock

from lib.callfire.api.errors import InvalidInput
from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import FakeStep, config_for, run

ACTION = "actions.get_conversation"
START = 1_700_000_000_000
PERSON, OTHER = "12135550111", "12135550122"
SWITCHES = [
    {"order": order, "interval_field": field, **others}
    for order, field, others in itertools.product(
        ("newest", "oldest", "shuffled"),
        ("created", "modified", "finished"),
        (
            {"interval_bounds": "[]", "total_count": "exact", "max_limit": 1000},
            {"interval_bounds": "()", "total_count": "unknown", "max_limit": 100, "limit_and_offset": False},
            {"interval_bounds": "()", "total_count": "absent", "max_limit": 2, "limit_and_offset": True},
        ),
    )
]


class Account:
    """A sandbox whose clock stands still, with a conversation of some texts and a call."""

    def __init__(self, running: Any, clock: Clock) -> None:
        self.running = running
        self.clock = clock
        self.config = {"username": running.username, "password": running.password, "server": running.url}

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.running.admin_url}/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def wait(self, seconds: float = 1) -> None:
        self.admin("POST", "clock", {"advance": int(seconds * 1000)})

    def arrive(self, message: str, sender: str = PERSON, **more: Any) -> Any:
        self.wait()
        return self.admin("POST", "texts", {"fromNumber": sender, "message": message, **more})

    def send(self, message: str, number: str = PERSON) -> None:
        self.wait()
        run("actions.send_texts", {"recipients": {"phoneNumber": number, "message": message}}, self.config)

    def call(self, caller: str = PERSON) -> None:
        self.wait()
        self.admin("POST", "calls", {"fromNumber": caller})

    def bodies(self, number: str = PERSON, config: Any = None, **given: Any) -> list[Any]:
        payloads = run(ACTION, {"number": number, **given}, {**self.config, **(config or {})})
        return [payload["body"] for payload in payloads]

    def words(self, number: str = PERSON, config: Any = None, **given: Any) -> list[str]:
        (body,) = self.bodies(number, {"emitBehavior": "emitAll", **(config or {})}, **given)
        return [item.get("message", item["type"]) for item in body["items"]]


@pytest.fixture
def account() -> Iterator[Account]:
    clock = Clock(still_at=START)
    with start(clock=clock, switches=Switches(ids="large")) as running:
        yield Account(running, clock)


def talk(account: Account) -> None:
    account.arrive("1 hello")
    account.send("2 hi")
    account.arrive("not this one", OTHER)
    account.call()
    account.send("not this one either", OTHER)
    account.send("3 how are you?")
    account.arrive("4 fine")
    account.admin("PATCH", "switches", {"text_takes": 10_000_000})
    account.send("5 great")
    account.wait()


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda switches: "-".join(str(value) for value in switches.values()))
def test_both_directions_are_emitted_oldest_first(account: Account, switches: dict[str, Any]) -> None:
    account.admin("PATCH", "switches", switches)
    talk(account)
    size = {"pageSize": "2"}
    assert account.words(config=size) == ["1 hello", "2 hi", "3 how are you?", "4 fine", "5 great"]
    with_calls = account.words("(213) 555-0111", {**size, "includeCalls": True})
    assert with_calls == ["1 hello", "2 hi", "call", "3 how are you?", "4 fine", "5 great"]
    since = START + 6000  # of "3 how are you?"
    assert account.words(config=size, intervalBegin=since) == ["3 how are you?", "4 fine", "5 great"]
    assert account.words(config=size, intervalBegin=START + 2000, intervalEnd=since) == ["2 hi", "3 how are you?"]
    assert account.words(config=size, intervalEnd=START + 2000) == ["1 hello", "2 hi"]


def test_an_item_tells_kind_direction_and_result(account: Account) -> None:
    talk(account)
    bodies = account.bodies(config={"emitBehavior": "emitIndividually", "includeCalls": "true"})
    told = [(body["type"], body["inbound"], body.get("result")) for body in bodies]
    assert told == [
        ("text", True, "RECEIVED"),
        ("text", False, "SENT"),
        ("call", True, "LA"),
        ("text", False, "SENT"),
        ("text", True, "RECEIVED"),
        ("text", False, None),
    ]
    assert bodies[0]["finalTextResult"] == "RECEIVED"


def test_pages_have_the_page_size(account: Account) -> None:
    talk(account)
    pages = account.bodies(config={"pageSize": "2"})
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert [(page["offset"], page["limit"], page["totalCount"]) for page in pages] == [(0, 2, 5), (2, 2, 5), (4, 2, 5)]


@pytest.mark.parametrize(("newest", "expected"), [(1, ["5 great"]), ("2", ["4 fine", "5 great"]), (9, None)])
def test_the_newest_items_are_kept(account: Account, newest: Any, expected: list[str] | None) -> None:
    talk(account)
    assert account.words(maxItems=newest) == (expected or account.words())
    (page,) = account.bodies(maxItems=newest)
    assert page["totalCount"] == len(page["items"])


def test_an_empty_conversation_is_one_empty_page(account: Account) -> None:
    assert account.bodies(OTHER) == [{"items": [], "limit": 100, "offset": 0, "totalCount": 0}]
    assert account.bodies(OTHER, {"emitBehavior": "emitIndividually"}) == []


def test_only_one_number_of_the_account(account: Account) -> None:
    run("actions.order_numbers", {"localCount": 1}, account.config)
    account.wait()
    first, second = (lease["number"] for lease in account.running._server.control.world["number_leases"])
    account.arrive("to the first", toNumber=first)
    account.arrive("to the second", toNumber=second)
    assert account.words() == ["to the first", "to the second"]
    assert account.words(ownNumber=second) == ["to the second"]
    assert account.words(config={"ownNumber": first}) == ["to the first"]


def test_a_number_is_required(account: Account) -> None:
    for given in ({}, {"number": ""}, {"number": "213"}):
        with pytest.raises(InvalidInput, match=r"^number: "):
            run(ACTION, given, account.config)


def test_items_of_other_numbers_and_unreadable_items_are_skipped(
    server: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    mine = {"id": 2, "fromNumber": "+1 (213) 555-0111", "created": 2}
    others = [{"id": 3, "fromNumber": OTHER, "toNumber": "12135550133", "created": 1}, {"created": 1}, "x"]
    bare = {"id": 1, "type": 5}
    server.replies += [json_reply({"items": [mine, *others]}), json_reply({"items": [bare, mine]})]
    with caplog.at_level(logging.WARNING):
        (payload,) = run(ACTION, {"number": PERSON}, config_for(server.url), step=FakeStep())
    assert payload["body"]["items"] == [{**bare, "type": "text"}, {"type": "text", **mine}]
    assert "without a valid id or time: count=2" in caplog.text
    assert [dict(request.query).get("fromNumber") for request in server.received] == [PERSON, None]
