"""The platform's API, against a real HTTP server."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from elasticio import MessageError, PlatformError
from elasticio.platform.api import PlatformApi

from services.fake_platform import API_KEY, USERNAME, FakePlatform, Response, basic, fake_platform
from tests.sdk.settings import settings

pytestmark = pytest.mark.usefixtures("pauses")

STEP = {"config": {"a": 1}, "snapshot": {}, "is_passthrough": True, "variables": {"b": "c"}}


@pytest.fixture
def api(platform: FakePlatform) -> PlatformApi:
    return PlatformApi(platform.uri, USERNAME, API_KEY)


class TestCalls:
    def test_the_step(self, platform: FakePlatform, api: PlatformApi) -> None:
        platform.steps["flow", "step_1"] = STEP
        assert api.step("flow", "step_1") == STEP
        (request,) = platform.requests
        assert (request.method, request.target) == ("GET", "/v1/tasks/flow/steps/step_1")
        assert request.headers["authorization"] == basic(USERNAME, API_KEY)
        assert request.body == b""

    def test_names_are_escaped_whole(self, platform: FakePlatform, api: PlatformApi) -> None:
        platform.steps["a/b", "ö ?#"] = STEP
        assert api.step("a/b", "ö ?#") == STEP
        assert platform.requests[0].target == "/v1/tasks/a%2Fb/steps/%C3%B6%20%3F%23"

    def test_startup_data(self, platform: FakePlatform, api: PlatformApi) -> None:
        api.store_startup_data("flow", {"id": "Größe"})
        assert platform.requests[0].body == '{"id":"Größe"}'.encode()
        assert platform.requests[0].headers["content-type"] == "application/json"
        assert api.startup_data("flow") == {"id": "Größe"}
        api.delete_startup_data("flow")
        assert platform.startup == {}
        path = "/sailor-support/hooks/task/flow/startup/data"
        assert [(request.method, request.target) for request in platform.requests] == [
            ("POST", path),
            ("GET", path),
            ("DELETE", path),
        ]

    def test_startup_data_of_an_earlier_start_is_replaced(self, platform: FakePlatform, api: PlatformApi) -> None:
        platform.startup["flow"] = {"old": True}
        api.store_startup_data("flow", {})
        assert platform.startup == {"flow": {}}
        assert [request.method for request in platform.requests] == ["POST", "DELETE", "POST"]

    def test_startup_data_that_is_refused_is_not_deleted(self, platform: FakePlatform, api: PlatformApi) -> None:
        platform.startup["flow"] = {"old": True}
        platform.fail(1, 403)
        with pytest.raises(PlatformError, match=r"^POST .* at the platform returned 403"):
            api.store_startup_data("flow", {})
        assert platform.startup == {"flow": {"old": True}}

    def test_the_keys_of_an_account(self, platform: FakePlatform, api: PlatformApi) -> None:
        api.update_keys("account/1", {"token": "x"})
        (request,) = platform.requests
        assert (request.method, request.target) == ("PUT", "/v1/accounts/account%2F1")
        assert request.body == b'{"keys":{"token":"x"}}'
        assert platform.accounts == {"account/1": {"token": "x"}}

    def test_keys_that_are_not_json(self, platform: FakePlatform, api: PlatformApi) -> None:
        with pytest.raises(MessageError, match=r"value\.keys\.token is of type bytes"):
            api.update_keys("1", {"token": b"secret"})
        assert platform.requests == []

    def test_a_signed_url(self, platform: FakePlatform, api: PlatformApi) -> None:
        assert api.create_signed_url().keys() == {"put_url", "get_url"}
        (request,) = platform.requests
        assert (request.method, request.target, request.body) == ("POST", "/v2/resources/storage/signed-url", b"")

    def test_a_base_address_may_end_with_slashes(self, platform: FakePlatform) -> None:
        platform.steps["flow", "step"] = STEP
        assert PlatformApi(platform.uri + "//", USERNAME, API_KEY).step("flow", "step") == STEP

    def test_a_login_is_utf_8(self, platform: FakePlatform) -> None:
        with pytest.raises(PlatformError):
            PlatformApi(platform.uri, "jürgen", "p€ss").startup_data("flow")
        assert platform.requests[0].headers["authorization"] == basic("jürgen", "p€ss")


class TestRepeats:
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_server_error(self, platform: FakePlatform, api: PlatformApi, pauses: list[float], status: int) -> None:
        platform.steps["flow", "step"] = STEP
        platform.fail(2, status)
        assert api.step("flow", "step") == STEP
        assert pauses == [0.1, 0.1]

    def test_a_lost_connection(self, platform: FakePlatform, api: PlatformApi) -> None:
        platform.steps["flow", "step"] = STEP
        platform.drop(2)
        assert api.step("flow", "step") == STEP
        assert len(platform.requests) == 3

    def test_startup_data_whose_first_response_was_lost(self, platform: FakePlatform, api: PlatformApi) -> None:
        """The first attempt has stored the data, so the second one replaces it."""
        platform.startup["flow"] = {"a": 1}
        platform.drop(1)
        api.store_startup_data("flow", {"a": 1})
        assert platform.startup == {"flow": {"a": 1}}

    @pytest.mark.parametrize("attempts", [1, 2, 5])
    def test_the_attempts_are_the_total_number(
        self, platform: FakePlatform, pauses: list[float], attempts: int
    ) -> None:
        platform.fail(10)
        with pytest.raises(
            PlatformError, match=r"^GET /v1/tasks/flow/steps/step at the platform returned 500"
        ) as caught:
            PlatformApi(platform.uri, USERNAME, API_KEY, attempts, 7).step("flow", "step")
        assert caught.value.status == 500
        assert len(platform.requests) == attempts
        assert pauses == [0.007] * (attempts - 1)

    def test_the_settings_set_the_number_of_attempts(self, platform: FakePlatform, pauses: list[float]) -> None:
        platform.fail(10)
        step = replace(settings(), api_uri=platform.uri, api_request_retry_attempts=2, api_request_retry_delay=30)
        with pytest.raises(PlatformError):
            PlatformApi.of(step).step("flow", "step")
        assert len(platform.requests) == 2
        assert pauses == [0.03]

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429])
    def test_a_refusal_is_final(self, platform: FakePlatform, api: PlatformApi, status: int) -> None:
        platform.fail(3, status)
        with pytest.raises(PlatformError, match=rf"^GET .* at the platform returned {status}") as caught:
            api.step("flow", "step")
        assert caught.value.status == status
        assert len(platform.requests) == 1

    @pytest.mark.parametrize(
        ("status", "action"),
        [
            (401, "API_USERNAME and ELASTICIO_API_KEY."),
            (403, "API_USERNAME and ELASTICIO_API_KEY."),
            (404, ""),
            (500, ""),
        ],
    )
    def test_the_error_names_what_to_check(
        self, platform: FakePlatform, api: PlatformApi, status: int, action: str
    ) -> None:
        platform.fail(3, status)
        with pytest.raises(PlatformError) as caught:
            api.step("flow", "step")
        assert str(caught.value).endswith(f" Check ELASTICIO_{action or f'API_URI ({platform.uri}).'}")

    def test_the_address_to_check_contains_no_login(self, pauses: list[float]) -> None:
        with fake_platform() as gone:
            address = gone.uri
        with pytest.raises(PlatformError) as caught:
            PlatformApi(address.replace("//", "//me:s3cret@"), USERNAME, API_KEY).step("flow", "step")
        assert str(caught.value).endswith(f" Check ELASTICIO_API_URI ({address}).")

    def test_an_unavailable_server(self, pauses: list[float]) -> None:
        with fake_platform() as gone:
            api = PlatformApi(gone.uri, USERNAME, API_KEY)
        with pytest.raises(
            PlatformError, match=r"GET at the platform failed: no response \(connection refused\)"
        ) as caught:
            api.step("flow", "step")
        assert caught.value.status is None
        assert len(pauses) == 2

    @pytest.mark.parametrize("uri", ["nowhere", "http://:99999", "ftp://host"])
    def test_an_invalid_url_is_not_retried(self, pauses: list[float], uri: str) -> None:
        with pytest.raises(PlatformError, match="GET at the platform failed"):
            PlatformApi(uri, USERNAME, API_KEY).step("flow", "step")
        assert pauses == []


class TestRedirects:
    def test_a_get_follows_redirects(self, platform: FakePlatform, api: PlatformApi) -> None:
        platform.steps["flow", "step"] = STEP
        platform.answer(Response(302, headers={"location": "/v1/tasks/flow/steps/step"}), path="/v1/tasks/old")
        assert api.step("old", "step") == STEP

    def test_a_redirect_sends_the_login_to_no_other_host(self, platform: FakePlatform, api: PlatformApi) -> None:
        with fake_platform() as other:
            elsewhere = other.uri.replace("127.0.0.1", "localhost")
            other.pages["/trap"] = Response.of_json(STEP)
            platform.answer(Response(302, headers={"location": f"{elsewhere}/trap"}))
            api.step("flow", "step")
            assert "authorization" not in other.requests[0].headers

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_request_with_a_body_does_not_follow_redirects(
        self, platform: FakePlatform, api: PlatformApi, status: int
    ) -> None:
        """The redirected request would be a GET without a body, and would look like a success."""
        platform.pages["/elsewhere"] = Response.of_json({})
        platform.answer(Response(status, headers={"location": "/elsewhere"}))
        with pytest.raises(PlatformError, match=rf"^POST .* at the platform returned {status}"):
            api.store_startup_data("flow", {"a": 1})
        assert platform.asked("GET", "/elsewhere") == []


class TestAnswers:
    @pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b"{"])
    def test_a_response_that_is_not_json(self, platform: FakePlatform, api: PlatformApi, body: bytes) -> None:
        platform.answer(Response(body=body))
        with pytest.raises(PlatformError, match="returned data that is not JSON"):
            api.step("flow", "step")

    @pytest.mark.parametrize(
        "answer", [Response(), Response.of_json([]), Response.of_json(None), Response.of_json("x")]
    )
    def test_a_step_that_is_not_an_object(self, platform: FakePlatform, api: PlatformApi, answer: Response) -> None:
        platform.answer(answer)
        with pytest.raises(PlatformError, match="not a JSON object"):
            api.step("flow", "step")

    @pytest.mark.parametrize("value", [{}, [], {"put_url": "x"}, {"get_url": "x"}])
    def test_an_invalid_signed_url(self, platform: FakePlatform, api: PlatformApi, value: Any) -> None:
        platform.answer(Response.of_json(value))
        with pytest.raises(PlatformError, match="no put_url and get_url"):
            api.create_signed_url()


@pytest.mark.parametrize(
    "prepare",
    [lambda platform: platform.fail(9), lambda platform: platform.fail(9, 401), lambda platform: platform.drop(9)],
    ids=["error", "refused", "lost"],
)
def test_no_login_is_in_an_error(
    platform: FakePlatform, api: PlatformApi, prepare: Callable[[FakePlatform], None]
) -> None:
    prepare(platform)
    with pytest.raises(PlatformError) as caught:
        api.update_keys("1", {"token": "secret-token"})
    for secret in (USERNAME, API_KEY, basic(USERNAME, API_KEY), "secret-token"):
        assert secret not in str(caught.value)


def test_a_login_of_netrc_is_not_used(
    platform: FakePlatform, api: PlatformApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login stranger password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    platform.steps["flow", "step"] = STEP
    assert api.step("flow", "step") == STEP
