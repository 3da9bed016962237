"""Service mode, against a real HTTP server."""

import json
import logging
from typing import Any

import pytest
from elasticio.runtime.service import run

from services.fake_platform import API_KEY, FakePlatform, Response, basic, fake_platform
from tests.sdk.conftest import WriteComponent

DESCRIPTOR = {
    "triggers": {"poll": {"main": "./lib/poll.py"}},
    "actions": {"send": {"main": "lib/send.py"}, "broken": {"main": "lib/broken.py"}, "lost": {"main": "lib/lost.py"}},
}
SEND = """
def get_meta_model(config):
    return {"in": {"type": "object", "title": config["title"]}, "out": {}}

def campaigns(config):
    return {"7": "Größe", "8": "B"}
"""
CONFIG = {"title": "A title", "password": "hunter2-secret"}


@pytest.fixture(autouse=True)
def component(write_component: WriteComponent) -> None:
    write_component(DESCRIPTOR, {"lib/send.py": SEND, "lib/poll.py": SEND, "lib/broken.py": "import nothing_like_it"})


@pytest.fixture
def environ(platform: FakePlatform) -> dict[str, str]:
    return {
        **platform.environ(),
        "ELASTICIO_CFG": json.dumps(CONFIG),
        "ELASTICIO_ACTION_OR_TRIGGER": "send",
        "ELASTICIO_GET_MODEL_METHOD": "campaigns",
    }


def the_error(platform: FakePlatform) -> str:
    """Return the message of the one error that was posted."""
    (result,) = platform.results
    assert result.keys() == {"status", "data"}
    assert result["status"] == "error"
    assert result["data"].keys() == {"message"}
    message: str = result["data"]["message"]
    return message


def the_log(caplog: pytest.LogCaptureFixture) -> str:
    """Return the one line that was logged."""
    (line,) = [record for record in caplog.records if record.name == "sailor"]
    assert "\n" not in line.getMessage()
    assert line.levelno >= logging.ERROR
    return line.getMessage()


class TestResult:
    def test_the_request_of_a_result(self, platform: FakePlatform, environ: dict[str, str]) -> None:
        assert run("selectModel", environ) == 0
        (request,) = platform.requests
        assert (request.method, request.target) == ("POST", "/result")
        assert request.headers["content-type"] == "application/json"
        assert request.body == '{"status":"success","data":{"7":"Größe","8":"B"}}'.encode()
        assert "authorization" not in request.headers

    def test_a_login_in_the_result_url(self, platform: FakePlatform, environ: dict[str, str]) -> None:
        environ["ELASTICIO_POST_RESULT_URL"] = platform.result_url.replace("//", "//us%40er:p%C3%A4ss@")
        assert run("selectModel", environ) == 0
        assert platform.requests[0].headers["authorization"] == basic("us@er", "päss")

    @pytest.mark.parametrize("status", [500, 503])
    def test_a_server_error_is_retried(self, platform: FakePlatform, environ: dict[str, str], status: int) -> None:
        platform.fail(2, status)
        assert run("selectModel", environ) == 0
        assert [request.json()["status"] for request in platform.requests] == ["success"] * 3

    def test_attempts_and_pauses_are_settings(
        self, platform: FakePlatform, environ: dict[str, str], pauses: list[float]
    ) -> None:
        environ |= {"ELASTICIO_API_REQUEST_RETRY_ATTEMPTS": "5", "ELASTICIO_API_REQUEST_RETRY_DELAY": "30"}
        platform.fail(4)
        assert run("selectModel", environ) == 0
        assert len(platform.requests) == 5
        assert pauses == [0.03] * 4

    @pytest.mark.parametrize("status", [201, 204, 302, 400, 401, 404])
    def test_anything_but_200_is_a_failure(
        self, platform: FakePlatform, environ: dict[str, str], caplog: pytest.LogCaptureFixture, status: int
    ) -> None:
        platform.answer(Response(status, headers={"location": platform.result_url}))
        assert run("selectModel", environ) != 0
        assert len(platform.requests) == 1
        assert the_log(caplog) == f"The platform did not accept the result of selectModel: status={status}"

    def test_a_permanent_server_error(
        self, platform: FakePlatform, environ: dict[str, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        platform.fail(3)
        assert run("selectModel", environ) != 0
        assert [request.json()["status"] for request in platform.requests] == ["success"] * 3
        assert "500" in the_log(caplog)

    def test_an_unavailable_server(self, environ: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
        with fake_platform() as gone:
            environ["ELASTICIO_POST_RESULT_URL"] = gone.result_url.replace("//", "//user:hidden-secret@")
        assert run("selectModel", environ) != 0
        assert "Failed to deliver the result" in the_log(caplog)
        assert "hidden-secret" not in caplog.text
        assert the_log(caplog).endswith(f". Check ELASTICIO_POST_RESULT_URL ({gone.uri}).")

    def test_an_invalid_result_url(self, environ: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
        assert run("selectModel", {**environ, "ELASTICIO_POST_RESULT_URL": "user:hidden-secret@nowhere"}) != 0
        assert "Failed to deliver the result" in the_log(caplog)
        assert "hidden-secret" not in caplog.text

    @pytest.mark.parametrize("value", [None, ""])
    def test_a_missing_result_url(
        self, platform: FakePlatform, environ: dict[str, str], caplog: pytest.LogCaptureFixture, value: str | None
    ) -> None:
        del environ["ELASTICIO_POST_RESULT_URL"]
        if value is not None:
            environ["ELASTICIO_POST_RESULT_URL"] = value
        assert run("selectModel", environ) != 0
        assert platform.requests == []
        assert the_log(caplog) == "ELASTICIO_POST_RESULT_URL is not provided"


class TestEnvironment:
    @pytest.mark.parametrize(
        ("method", "names"),
        [
            ("verifyCredentials", ["CFG", "API_URI", "API_USERNAME", "API_KEY"]),
            ("getMetaModel", ["CFG", "API_URI", "API_USERNAME", "API_KEY", "ACTION_OR_TRIGGER"]),
            ("selectModel", ["CFG", "API_URI", "API_USERNAME", "API_KEY", "ACTION_OR_TRIGGER", "GET_MODEL_METHOD"]),
        ],
    )
    def test_the_first_missing_variable_is_reported(
        self, platform: FakePlatform, environ: dict[str, str], method: str, names: list[str]
    ) -> None:
        for name in reversed(names):
            environ[f"ELASTICIO_{name}"] = ""
            assert run(method, environ) == 0
            assert the_error(platform) == f"ELASTICIO_{name} is not provided"
            platform.results.clear()

    def test_variables_that_a_method_does_not_use_are_optional(
        self, platform: FakePlatform, environ: dict[str, str]
    ) -> None:
        del environ["ELASTICIO_GET_MODEL_METHOD"]
        assert run("getMetaModel", environ) == 0
        del environ["ELASTICIO_ACTION_OR_TRIGGER"]
        assert run("verifyCredentials", environ) == 0
        assert [result["status"] for result in platform.results] == ["success"] * 2

    @pytest.mark.parametrize("method", ["process", "", "verify_credentials", "__class__"])
    def test_an_unknown_method(
        self, platform: FakePlatform, environ: dict[str, str], caplog: pytest.LogCaptureFixture, method: str
    ) -> None:
        del environ["ELASTICIO_CFG"]  # the method is checked first
        assert run(method, environ) == 0
        assert the_error(platform) == f'Unknown service method "{method}"'
        assert the_log(caplog) == f'{method} failed: Unknown service method "{method}"'

    @pytest.mark.parametrize("config", ["{", "no json", '{"a": NaN}', "\udcff", "[" * 100_000])
    def test_a_configuration_that_is_not_json(
        self, platform: FakePlatform, environ: dict[str, str], config: str
    ) -> None:
        assert run("getMetaModel", {**environ, "ELASTICIO_CFG": config}) == 0
        assert the_error(platform) == "Unable to parse CFG"

    @pytest.mark.parametrize("config", ["null", "[]", '"hunter2-secret"', "1"])
    def test_a_configuration_that_is_not_an_object(
        self, platform: FakePlatform, environ: dict[str, str], caplog: pytest.LogCaptureFixture, config: str
    ) -> None:
        assert run("verifyCredentials", {**environ, "ELASTICIO_CFG": config}) == 0
        assert the_error(platform) == "Unable to parse CFG: it must be a JSON object"
        assert "hunter2-secret" not in caplog.text

    def test_an_invalid_number_of_attempts(self, platform: FakePlatform, environ: dict[str, str]) -> None:
        assert run("getMetaModel", {**environ, "ELASTICIO_API_REQUEST_RETRY_ATTEMPTS": "many"}) == 0
        assert the_error(platform) == "ELASTICIO_API_REQUEST_RETRY_ATTEMPTS: must be a whole number, not 'many'"

    def test_a_component_in_another_folder(
        self, platform: FakePlatform, environ: dict[str, str], write_component: WriteComponent
    ) -> None:
        root = write_component({}, {"lib/send.py": SEND})
        (root / "deeper").mkdir()
        (root / "lib").rename(root / "deeper" / "lib")
        (root / "deeper" / "component.json").write_text(json.dumps(DESCRIPTOR))
        assert run("selectModel", {**environ, "ELASTICIO_COMPONENT_PATH": "/deeper"}) == 0
        assert platform.results[0]["status"] == "success"

    def test_no_component(self, platform: FakePlatform, environ: dict[str, str]) -> None:
        assert run("verifyCredentials", {**environ, "ELASTICIO_COMPONENT_PATH": "nowhere"}) == 0
        assert "Failed to load component.json from" in the_error(platform)


class TestModels:
    def test_the_meta_model(self, platform: FakePlatform, environ: dict[str, str]) -> None:
        for name in ("send", "poll"):
            assert run("getMetaModel", {**environ, "ELASTICIO_ACTION_OR_TRIGGER": name}) == 0
        model = {"in": {"type": "object", "title": "A title"}, "out": {}}
        assert platform.results == [{"status": "success", "data": model}] * 2

    def test_the_options_of_a_select_field(self, platform: FakePlatform, environ: dict[str, str]) -> None:
        assert run("selectModel", environ) == 0
        assert platform.results == [{"status": "success", "data": {"7": "Größe", "8": "B"}}]

    @pytest.mark.parametrize("method", ["getCampaigns", "Campaigns", "__name__"])
    def test_the_name_of_the_method_is_used_unchanged(
        self, platform: FakePlatform, environ: dict[str, str], method: str
    ) -> None:
        assert run("selectModel", {**environ, "ELASTICIO_GET_MODEL_METHOD": method}) == 0
        assert the_error(platform) == f'Method "{method}" is not found in "send" action or trigger'

    @pytest.mark.parametrize(
        ("name", "complaint"),
        [
            ("unknown", 'Trigger or action "unknown" is not found in component.json!'),
            ("lost", "Failed to load file 'lib/lost.py': the component does not contain this file"),
            ("broken", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ],
    )
    def test_a_function_that_cannot_be_loaded(
        self,
        platform: FakePlatform,
        environ: dict[str, str],
        caplog: pytest.LogCaptureFixture,
        name: str,
        complaint: str,
    ) -> None:
        assert run("getMetaModel", {**environ, "ELASTICIO_ACTION_OR_TRIGGER": name}) == 0
        assert complaint in the_error(platform)
        assert complaint in the_log(caplog)

    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("def f(config): return None", "NoneType"),
            ("def f(config): return [1]", "list"),
            ("def f(config): return {1, 2}", "set"),
            ("async def f(config): return {}", "f must be a plain function, neither async nor a generator"),
            ("async def f(config): yield {}", "f must be a plain function, neither async nor a generator"),
            ("def f(config): yield {}", "f must be a plain function, neither async nor a generator"),
            ("def f(config): return {'a': object()}", "value.data.a is of type object"),
            ("def f(config): return {'a': float('nan')}", "value.data.a is not a finite number"),
            ("import sys\ndef f(config): sys.exit(3)", "f raised SystemExit"),
            ("def f(): return {}", "takes 0 positional arguments but 1 was given"),
            ("def f(config): raise ValueError('the campaign is gone')", "the campaign is gone"),
            ("def f(config): raise ValueError", "ValueError"),
        ],
    )
    def test_a_function_that_breaks_its_contract(
        self,
        platform: FakePlatform,
        environ: dict[str, str],
        write_component: WriteComponent,
        source: str,
        complaint: str,
    ) -> None:
        write_component(DESCRIPTOR, {"lib/send.py": source})
        assert run("selectModel", {**environ, "ELASTICIO_GET_MODEL_METHOD": "f"}) == 0
        assert complaint in the_error(platform)

    @pytest.mark.parametrize(
        ("returns", "kind"), [("None", "NoneType"), ("{'input': {}}", r"an object with other keys \(input\)")]
    )
    def test_an_invalid_meta_model(
        self,
        platform: FakePlatform,
        environ: dict[str, str],
        write_component: WriteComponent,
        returns: str,
        kind: str,
    ) -> None:
        write_component(DESCRIPTOR, {"lib/send.py": f"def get_meta_model(config): return {returns}"})
        assert run("getMetaModel", environ) == 0
        kind = kind.replace("\\", "")
        assert the_error(platform) == f'get_meta_model of "send" must return {{"in": …, "out": …}}, not {kind}'

    def test_no_meta_model(
        self, platform: FakePlatform, environ: dict[str, str], write_component: WriteComponent
    ) -> None:
        write_component(DESCRIPTOR, {"lib/send.py": ""})
        assert run("getMetaModel", environ) == 0
        assert the_error(platform) == 'Method "get_meta_model" is not found in "send" action or trigger'

    def test_a_failure_is_logged_without_its_text(
        self,
        environ: dict[str, str],
        write_component: WriteComponent,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        write_component(DESCRIPTOR, {"lib/send.py": "def campaigns(config): raise ValueError(config['password'])"})
        assert run("selectModel", environ) == 0
        assert the_log(caplog) == "selectModel failed: the component raised ValueError"
        for secret in ("hunter2-secret", API_KEY):
            assert secret not in "".join(record.getMessage() for record in caplog.records)


class TestVerifyCredentials:
    def verdict(self, write: WriteComponent, platform: FakePlatform, environ: dict[str, str], source: str) -> Any:
        write(DESCRIPTOR, {"verify_credentials.py": source})
        assert run("verifyCredentials", environ) == 0
        (result,) = platform.results
        assert result["status"] == "success"
        return result["data"]

    def test_without_a_verifier(self, platform: FakePlatform, environ: dict[str, str]) -> None:
        assert run("verifyCredentials", environ) == 0
        assert platform.results == [{"status": "success", "data": {"verified": True}}]

    @pytest.mark.parametrize("returns", ["True", "None", "'fine'", "{}", "{'account': 7}", "[]", "0"])
    def test_a_result_without_a_verdict_means_valid_credentials(
        self, write_component: WriteComponent, platform: FakePlatform, environ: dict[str, str], returns: str
    ) -> None:
        source = f"def verify(config): return {returns}"
        assert self.verdict(write_component, platform, environ, source) == {"verified": True}

    @pytest.mark.parametrize(
        "verdict",
        [{"verified": True}, {"verified": False}, {"verified": False, "reason": "no"}, {"verified": 1, "x": 2}],
    )
    def test_a_verdict_is_returned_unchanged(
        self, write_component: WriteComponent, platform: FakePlatform, environ: dict[str, str], verdict: Any
    ) -> None:
        source = f"def verify(config): return {verdict!r}"
        assert self.verdict(write_component, platform, environ, source) == verdict

    def test_verify_receives_the_configuration(
        self, write_component: WriteComponent, platform: FakePlatform, environ: dict[str, str]
    ) -> None:
        source = "def verify(config): return {'verified': config == " + repr(CONFIG) + "}"
        assert self.verdict(write_component, platform, environ, source) == {"verified": True}

    @pytest.mark.parametrize(
        ("source", "reason"),
        [
            ("def verify(config): return False", "The credentials were not accepted"),
            ("def verify(config): raise ValueError('The login is wrong.')", "The login is wrong."),
            ("def verify(config): raise ValueError", "ValueError"),
            (
                "async def verify(config): return False",
                "verify must be a plain function, neither async nor a generator",
            ),
            ("def verify(config): yield False", "verify must be a plain function, neither async nor a generator"),
            ("raise SystemExit(1)\ndef verify(config): pass", "verify_credentials.py"),
            (
                "def verify(config): raise SystemExit(0)",
                "verify raised SystemExit; it must return its result or raise another error",
            ),
            ("def verifyCredentials(config): pass", "verify_credentials.py has no function verify(config)"),
            ("verify = 1", "verify_credentials.py has no function verify(config)"),
            ("def verify(config) return", "verify_credentials.py"),
        ],
    )
    def test_an_error_or_false_means_invalid_credentials(
        self,
        write_component: WriteComponent,
        platform: FakePlatform,
        environ: dict[str, str],
        source: str,
        reason: str,
    ) -> None:
        verdict = self.verdict(write_component, platform, environ, source)
        assert verdict["verified"] is False
        assert reason in verdict["reason"]

    def test_a_failed_verification_is_logged_without_its_text(
        self,
        write_component: WriteComponent,
        platform: FakePlatform,
        environ: dict[str, str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        source = "def verify(config): raise ValueError('wrong: ' + config['password'])"
        assert self.verdict(write_component, platform, environ, source)["reason"] == "wrong: hunter2-secret"
        assert the_log(caplog) == "Failed to verify the credentials: the component raised ValueError"

    def test_a_verdict_that_is_not_json(
        self, write_component: WriteComponent, platform: FakePlatform, environ: dict[str, str]
    ) -> None:
        write_component(DESCRIPTOR, {"verify_credentials.py": "def verify(config): return {'verified': object}"})
        assert run("verifyCredentials", environ) == 0
        assert "value.data.verified is of type type" in the_error(platform)
