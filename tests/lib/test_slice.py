"""The first four actions and the trigger against the sandbox, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches

from lib.callfire.api.errors import InvalidSettings, NotAuthenticated, Unavailable
from tests.lib.steps import FakeStep, bodies, config_for, run
from verify_credentials import verify

Config = dict[str, Any]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Any]:
    with start(switches=Switches(ids="large")) as running:
        yield running


@pytest.fixture
def config(sandbox: Any) -> Config:
    return {"username": sandbox.username, "password": sandbox.password, "server": sandbox.url}


def test_an_account_is_read(config: Config) -> None:
    (account,) = bodies("actions.get_account", {}, config)
    assert int(account["id"]) > 0


def test_a_text_that_is_sent_can_be_found_and_read(config: Config) -> None:
    recipient = {"phoneNumber": "12132000384", "attributes": {"order": 17}}
    (answer,) = bodies("actions.send_texts", {"recipients": recipient, "defaultMessage": "Grüße 👋"}, config)
    sent = answer["items"][0]
    (text,) = bodies("actions.get_text", {"id": str(sent["id"])}, config)
    assert text["message"] == "Grüße 👋"
    assert text["attributes"] == {"order": "17", "connectorKey": answer["results"][0]["key"]}
    (page,) = bodies("actions.find_texts", {"id": sent["id"]}, config)
    assert [item["id"] for item in page["items"]] == [sent["id"]]


def test_credentials_are_verified(config: Config) -> None:
    assert verify(config) is True


def test_a_wrong_login_is_explained(config: Config) -> None:
    with pytest.raises(NotAuthenticated, match="API login"):
        verify(config | {"password": "wrong"})
    with pytest.raises(NotAuthenticated, match="web site"):
        verify(config | {"username": "someone@example.com"})


def test_an_unavailable_server_is_explained() -> None:
    with pytest.raises(Unavailable, match=r"http://127\.0\.0\.1:9"):
        verify(config_for("http://127.0.0.1:9"))


@pytest.mark.parametrize("server", ["http://example.com", "ftp://localhost", "https://me:pw@example.com", "x", 5])
def test_a_server_that_would_leak_the_login_is_refused(server: Any) -> None:
    with pytest.raises(InvalidSettings, match=r"^server: "):
        verify(config_for(server))


def test_inbound_texts_start_the_flow_once(sandbox: Any, config: Config) -> None:
    first = FakeStep()
    assert run("triggers.new_inbound_texts", {}, config, step=first) == []
    ((event, snapshot),) = first.emitted
    assert event == "snapshot"
    for word in ("one", "two"):
        inject(sandbox, word)
    second = FakeStep()
    assert texts_of(run("triggers.new_inbound_texts", {}, config, step=second, snapshot=snapshot)) == ["one", "two"]
    assert second.emitted[-1][0] == "snapshot"
    third = FakeStep()
    assert run("triggers.new_inbound_texts", {}, config, step=third, snapshot=second.emitted[-1][1]) == []
    assert third.emitted == []


def texts_of(payloads: list[dict[str, Any]]) -> list[str]:
    return [payload["body"]["message"] for payload in payloads]


def inject(sandbox: Any, message: str) -> None:
    entry = {"fromNumber": "12135550199", "toNumber": "12135550100", "message": message}
    requests.post(f"{sandbox.admin_url}/texts", json=entry, timeout=10).raise_for_status()
