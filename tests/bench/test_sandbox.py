"""The benchmark of the sandbox: the script for wrk, and its output."""

import json

import pytest

from bench import target
from bench.sandbox import Case, LoadResult, load_result
from bench.target import TEXT, installed
from bench.target import sandbox as measured_sandbox
from services.apt import AptError

OUTPUT = """Running 5s test @ http://127.0.0.1:8080/v2/texts
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.01ms  100.00us   9.99ms   99.00%
  4000 requests in 5.01s, 1.23MB read
Requests/sec:    798.40
Transfer/sec:    251.00KB
"""


def x() -> None:
    assert load_result(OUTPUT, spent_ms=800) == LoadResult(798.4, 0.2)


@pytest.mark.parametrize(
    "wrong",
    [
        OUTPUT + "  Non-2xx or 3xx responses: 3\n",
        OUTPUT + "  Socket errors: connect 0, read 1, write 0, timeout 0\n",
        OUTPUT.replace("4000 requests", "0 requests"),
        "unable to connect to 127.0.0.1:8080 Connection refused\n",
    ],
)
def test_a_load_with_errors_is_rejected(wrong: str) -> None:
    with pytest.raises(RuntimeError, match="Not all requests succeeded"):
        load_result(wrong, spent_ms=800)


def test_the_script_for_wrk_contains_the_unchanged_body() -> None:
    script = Case("POST /texts", "POST", "/v2/texts", [TEXT]).script
    assert f"wrk.body = [==[{json.dumps([TEXT])}]==]" in script
    assert 'wrk.method = "POST"' in script
    assert "wrk.body = nil" in Case("GET", "GET", "/v2/texts").script


def test_the_error_names_a_missing_program_and_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*packages: str) -> None:
        raise AptError(f"no {packages[0]} today")

    monkeypatch.setattr(target, "apt_install", refuse)
    with pytest.raises(
        RuntimeError, match=r"no-such-server is missing; apt-get: no light today.* apt-get install light"
    ):
        installed("no-such-server", "light")


def test_the_measured_sandbox_has_a_call_and_texts() -> None:
    with measured_sandbox(texts=12) as server:
        assert json.loads(server.ask("GET", "/v2/texts?limit=100"))["totalCount"] == 12
        assert str(json.loads(server.ask("GET", f"/v2/calls/{server.call_id}"))["id"]) == server.call_id
