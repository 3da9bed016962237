"""How a sandbox is started, and who is let in."""

import re
import subprocess
import sys

import pytest
import requests

from sandbox.server import start
from tests.sandbox.conftest import Client


def test_the_command_says_where_it_is_and_how_to_log_in() -> None:
    command = [sys.executable, "-m", "sandbox", "--username", "me", "--password", "secret"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = re.search(r"(http://127\.0\.0\.1:\d+/v2), login me / secret", line)
            assert match, line
            assert requests.get(f"{match[1]}/me/account", auth=("me", "secret"), timeout=10).status_code == 200
        finally:
            process.terminate()


def test_several_run_side_by_side_and_stop() -> None:
    with start() as one, start() as two:
        assert one.url != two.url
        for each in (one, two):
            assert requests.get(f"{each.url}/me/account", auth=(each.username, each.password), timeout=10).ok
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{one.url}/me/account", timeout=10)


@pytest.mark.parametrize("login", [None, ("sandbox", "wrong"), ("nobody", "x"), ("account", "account-password")])
def test_a_wrong_login_is_refused(client: Client, login: tuple[str, str] | None) -> None:
    answer = requests.get(f"{client.callfire.url}/me/account", auth=login, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    body = answer.json()
    assert body["httpStatusCode"] == 401
    assert body.keys() == {"httpStatusCode", "internalCode", "message", "developerMessage", "helpLink"}


def test_unknown_paths_and_methods_have_error_bodies(client: Client) -> None:
    assert client.get("/nonsense").json()["httpStatusCode"] == 404
    assert client.delete("/texts").json()["httpStatusCode"] == 405
