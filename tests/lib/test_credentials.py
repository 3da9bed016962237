"""Pasted credentials, and form fields in the platform's format."""

import base64
from typing import Any

import pytest

from lib.callfire import form
from lib.callfire.api.client import client_for
from lib.callfire.api.credentials import CREDENTIALS, DEFAULT_SERVER, Credentials
from lib.callfire.api.errors import InvalidSettings
from tests.lib.recording import Recorder
from tests.lib.steps import config_for, run
from verify_credentials import verify


@pytest.mark.parametrize(
    "pasted", ["{}\n", " {}", "\ufeff{}", "{}\r\n", "\t{}\xa0", "\u200b{}\u2060", "\ufeff {}\n\ufeff", "\u200e{}\u2028"]
)
def test_pasted_characters_around_credentials_are_removed(pasted: str, server: Recorder) -> None:
    config = {name: pasted.format(value) for name, value in config_for(server.url + "/v2/").items()}
    assert verify(config) is True
    run("actions.get_account", {}, config)
    assert {request.headers["authorization"] for request in server.received} == {
        "Basic " + base64.b64encode(b"login:s3cr3t-pass").decode()
    }
    assert {request.path for request in server.received} == {"/v2/me/account"}


def test_characters_within_credentials_are_kept() -> None:
    credentials = Credentials.from_config({"username": "my login", "password": "a: b\ufeffc"})
    assert (credentials.username, credentials.password) == ("my login", "a: b\ufeffc")


@pytest.mark.parametrize("server", [None, "", "  ", "\ufeff"])
def test_the_server_is_callfires_by_default(server: Any) -> None:
    assert Credentials.from_config({"username": "a", "password": "b", "server": server}).server == DEFAULT_SERVER


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("username", "a:b", "username: must not contain a colon, because Basic authentication"),
        ("username", " ", "username: the API login is missing"),
        ("username", None, "username: the API login is missing"),
        ("username", 5, "username: the API login is missing"),
        ("password", "\n", "password: the API password is missing"),
        ("password", ["x"], "password: the API password is missing"),
        ("server", ["x"], "server: must be an https"),
        ("server", "https://[bad", "server: must be a web address"),
        ("server", "https://user:pass@example.com", "server: must have a scheme, host and path only"),
        ("server", "https://example.com?a=b", "server: must have a scheme, host and path only"),
        ("server", "http://example.com", "server: must be an https"),
    ],
)
def test_invalid_credentials_are_refused(name: str, value: Any, error: str) -> None:
    config = config_for("https://example.com") | {name: value}
    for read in (verify, client_for):
        with pytest.raises(InvalidSettings) as caught:
            read(config)
        assert str(caught.value).startswith(error)
        assert "pass@" not in str(caught.value)


def test_each_credential_that_is_read_is_in_the_form() -> None:
    assert list(CREDENTIALS["fields"]) == ["username", "password", "server"]


CHECKED = [True, "true", "TRUE", "on", " On ", 1]
UNCHECKED = [False, "false", "False", "off", "", None, 0]


@pytest.mark.parametrize(("value", "checked"), [*((v, True) for v in CHECKED), *((v, False) for v in UNCHECKED)])
def test_a_check_box_is_read(value: Any, checked: bool) -> None:
    assert form.is_checked({"box": value}, "box") is checked
    assert form.is_checked({}, "box") is False


@pytest.mark.parametrize("value", ["maybe", "1", 2, [], {}, 0.5])
def test_an_invalid_check_box_is_an_error(value: Any) -> None:
    with pytest.raises(InvalidSettings, match=r"^box: must be true or false\.$"):
        form.is_checked({"box": value}, "box")


@pytest.mark.parametrize(
    ("value", "number"), [("1", 1), ("9", 9), (5, 5), (5.0, 5), ("5.0", 5), (" 5 ", 5), ("", 3), (None, 3)]
)
def test_a_whole_number_is_read(value: Any, number: int) -> None:
    found = form.whole({"n": value}, "n", 3, 1, 9)
    assert (found, type(found)) == (number, int)


@pytest.mark.parametrize("value", ["0", "10", 0, 10, "5.5", "x", True, [], "nan", "inf", "1e400", 10**400])
def test_an_invalid_whole_number_is_an_error(value: Any) -> None:
    with pytest.raises(InvalidSettings, match=r"^n: must be (from 1 to 9|a whole number)"):
        form.whole({"n": value}, "n", 3, 1, 9)


@pytest.mark.parametrize(("value", "seconds"), [("0.1", 0.1), ("600", 600.0), (600, 600.0), ("", 60.0), (None, 60.0)])
def test_a_number_of_seconds_is_read(value: Any, seconds: float) -> None:
    assert form.seconds({"n": value}, "n", 60.0, 600.0) == seconds


@pytest.mark.parametrize("value", ["0", "-1", "600.1", "x", True, "nan", "inf", []])
def test_an_invalid_number_of_seconds_is_an_error(value: Any) -> None:
    with pytest.raises(InvalidSettings, match=r"^n: must be (more than 0 and at most 600 seconds|a number of seconds)"):
        form.seconds({"n": value}, "n", 60.0, 600.0)


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        ("2016-09-13T15:50:17Z", 1473781817000),
        (" 1473781817000 ", 1473781817000),
        (1473781817000, 1473781817000),
        (0, 0),
        (10**11, 10**11),
        (10**14 - 1, 10**14 - 1),
        ("", None),
        (None, None),
    ],
)
def test_a_point_in_time_is_read(value: Any, milliseconds: int | None) -> None:
    assert form.unix_ms({"t": value}, "t") == milliseconds


@pytest.mark.parametrize("value", ["yesterday", -1, 10**14, True, [], 0.5, "1e400", "2016-13-01"])
def test_an_invalid_point_in_time_is_an_error(value: Any) -> None:
    with pytest.raises(InvalidSettings, match=r"^t: must be a time: Unix milliseconds, or ISO 8601"):
        form.unix_ms({"t": value}, "t")


@pytest.mark.parametrize("value", [1, "1473781817", 10**11 - 1])
def test_a_point_in_time_in_seconds_is_an_error(value: Any) -> None:
    with pytest.raises(InvalidSettings, match=r"^t: looks like seconds"):
        form.unix_ms({"t": value}, "t")
