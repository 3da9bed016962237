"""Several accounts: each has its own logins, numbers and state."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from callfire_sandbox.__main__ import main
from callfire_sandbox.server import AccountAccess, Running, start
from callfire_sandbox.world.clock import Clock

from tests.sandbox.conftest import NOW, PHONE

Account = Running | AccountAccess


@pytest.fixture
def first() -> Iterator[Running]:
    with start(clock=Clock(still_at=NOW), accounts=["second"]) as running:
        yield running


@pytest.fixture
def second(first: Running) -> AccountAccess:
    return first.account("second")


def ask(account: Account, method: str, path: str, **options: Any) -> requests.Response:
    login = (account.username, account.password)
    return requests.request(method, account.url + path, auth=login, timeout=10, **options)


def send(account: Account) -> Any:
    answer = ask(account, "POST", "/texts", json=[{"phoneNumber": PHONE, "message": "hi"}])
    assert answer.ok, answer.text
    return answer.json()["items"][0]


def test_texts_belong_to_the_account_of_the_login(first: Running, second: AccountAccess) -> None:
    mine, other = send(first), send(second)
    for account, number, foreign in ((first, mine["id"], other["id"]), (second, other["id"], mine["id"])):
        assert [text["id"] for text in ask(account, "GET", "/texts").json()["items"]] == [number]
        assert ask(account, "GET", f"/texts/{foreign}").status_code == 404
        assert [text["id"] for text in account.sent_texts(PHONE)] == [number]


@pytest.mark.parametrize("ids", ["small", "large"])
def test_ids_of_accounts_differ(first: Running, second: AccountAccess, ids: str) -> None:
    for account in (first, second):
        account.set_switches(ids=ids)
    ids_of = [{send(account)["id"] for _ in range(50)} for account in (first, second)]
    assert not ids_of[0] & ids_of[1]


def test_numbers_credits_switches_and_faults_are_apart(first: Running, second: AccountAccess) -> None:
    numbers = [account.receive_text("hi")["toNumber"] for account in (first, second)]
    assert [numbers[1]] == second.numbers != first.account("sandbox").numbers == [numbers[0]]
    second.admin("PATCH", "/account", {"credits": 0})
    assert ask(second, "POST", "/texts", json=[{"phoneNumber": PHONE, "message": "hi"}]).status_code == 403
    send(first)
    second.set_switches(total_count="absent")
    assert "totalCount" in ask(first, "GET", "/texts").json()
    assert "totalCount" not in ask(second, "GET", "/texts").json()
    second.fail_next("findTexts")
    assert ask(first, "GET", "/texts").status_code == 200
    assert ask(second, "GET", "/texts").status_code == 503
    assert len(second.requests()) == 3


def test_each_account_has_both_logins(first: Running, second: AccountAccess) -> None:
    url = f"{first.url}/me/api/credentials"
    names = []
    for account in (first, second):
        login = (account.account_username, account.account_password)
        names.append([entry["username"] for entry in requests.get(url, auth=login, timeout=10).json()["items"]])
        made = requests.post(url, auth=login, json={"name": "x"}, timeout=10).json()
        own = requests.get(f"{first.url}/texts", auth=(made["username"], made["password"]), timeout=10)
        assert own.ok
    assert names == [["sandbox"], ["second"]]
    assert requests.get(f"{first.url}/texts", auth=("second", "sandbox-password"), timeout=10).status_code == 401


def test_all_accounts_share_the_clock(first: Running, second: AccountAccess) -> None:
    text = send(second)
    first.advance(10)
    assert ask(second, "GET", f"/texts/{text['id']}").json()["state"] == "FINISHED"
    assert second.admin("GET", "/clock") == first.admin("GET", "/clock") == {"now": NOW + 10_000}


def test_public_media_need_no_login(second: AccountAccess) -> None:
    number = ask(second, "POST", "/media", files={"file": ("a.png", b"\x89PNG second")}).json()["id"]
    url = ask(second, "GET", f"/media/{number}").json()["publicUrl"]
    assert requests.get(url, timeout=10).content == b"\x89PNG second"


def test_an_account_is_added_while_the_sandbox_runs(first: Running) -> None:
    added = first.admin("POST", "/accounts", {"name": "third"})
    third = first.account("third")
    assert (third.username, third.password, third.admin_url) == ("third", "third-password", added["adminUrl"])
    send(third)
    assert [entry["name"] for entry in first.admin("GET", "/accounts")] == ["sandbox", "second", "third"]
    assert first.sent_texts(PHONE) == []


@pytest.mark.parametrize("name", ["second", "sandbox", "account", "second-account", "", "Upper", "a/b", 7, None])
def test_other_names_are_refused(first: Running, name: Any) -> None:
    with pytest.raises(requests.HTTPError, match=r"400: name"):
        first.admin("POST", "/accounts", {"name": name})


def test_an_unknown_account_is_not_found(first: Running) -> None:
    answer = requests.get(f"{first.admin_url}/accounts/unknown/texts", timeout=10)
    assert answer.status_code == 404
    with pytest.raises(ValueError, match="no account 'unknown'"):
        first.account("unknown")


def test_a_reset_concerns_one_account(first: Running, second: AccountAccess) -> None:
    send(first), send(second)
    second.reset()
    assert (len(first.sent_texts(PHONE)), second.sent_texts(PHONE)) == (1, [])
    send(second)


def test_each_account_has_its_own_state_file(tmp_path: Path) -> None:
    options: dict[str, Any] = {"data": tmp_path / "state.db", "accounts": ["second"]}
    with start(**options) as running:
        numbers = [send(account)["id"] for account in (running, running.account("second"))]
    assert {path.name for path in tmp_path.glob("*.db")} == {"state.db", "state.second.db"}
    with start(**options) as running:
        found = [account.sent_texts(PHONE)[0]["id"] for account in (running, running.account("second"))]
        assert found == numbers


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        (["--account", "Upper"], "name: use 1 to 30"),
        (["--fault", "x"], "this is not JSON"),
        (["--fault", "[]"], "use an object"),
        (["--fault", '{"effect": "explode"}'], "effect: 'explode' is not one of"),
        (["--profile", "missing.json"], "not a readable file"),
    ],
)
def test_the_command_refuses_a_wrong_option(
    option: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(option)
    assert complaint in capsys.readouterr().err
