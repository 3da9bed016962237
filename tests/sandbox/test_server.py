"""Starting a sandbox, and its logins."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import requests
from callfire_sandbox.server import start

from tests.sandbox.conftest import Client


def test_the_command_prints_its_address_and_login() -> None:
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


@pytest.mark.parametrize(
    "option", [["--switch", "ordr=newest"], ["--data", "no/such/folder/x.db"], ["--data", __file__]]
)
def test_a_failed_start_prints_one_clear_line(option: list[str]) -> None:
    command = [sys.executable, "-m", "sandbox", *option]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert option[1].partition("=")[0] in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_state_file_serves_one_sandbox_at_a_time(tmp_path: Path) -> None:
    with start(data=tmp_path / "state.db"), pytest.raises(ValueError, match="locked"):
        start(data=tmp_path / "state.db")
    with start(data=tmp_path / "state.db"):
        pass


def test_a_client_that_waits_for_the_challenge_can_log_in(client: Client) -> None:
    url = f"{client.callfire.url}/me/account"
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, client.callfire.username, client.callfire.password)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    with opener.open(url) as answer:
        assert json.load(answer)["name"] == "Sandbox"


def test_the_description_holds_together(client: Client) -> None:
    """The description is valid Swagger 2.0 and contains the address of the API."""
    described = requests.get(f"{client.callfire.url}/api-docs/swagger.json", timeout=10).json()
    assert f"http://{described['host']}{described['basePath']}" == client.callfire.url
    assert described["swagger"] == "2.0"
    operations = [(path, operation) for path, methods in described["paths"].items() for operation in methods.values()]
    assert len({operation["operationId"] for _, operation in operations}) == len(operations) == 122
    for path, operation in operations:
        in_path = [entry["name"] for entry in operation["parameters"] if entry["in"] == "path"]
        assert in_path == re.findall(r"{(\w+)}", path)
        assert operation["summary"]
    named = set(re.findall(r'"#/definitions/(\w+)"', json.dumps(described)))
    assert named <= described["definitions"].keys()


def test_several_run_side_by_side_and_stop() -> None:
    with start() as one, start() as two:
        assert one.url != two.url
        for each in (one, two):
            assert requests.get(f"{each.url}/me/account", auth=(each.username, each.password), timeout=10).ok
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{one.url}/me/account", timeout=10)


@pytest.mark.parametrize("login", [None, ("sandbox", "wrong"), ("unknown", "x"), ("account", "account-password")])
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
