"""Run mode loads only the modules that a step needs: each further module delays the first message."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from bench.runtimes import ROOT

# Slow to load, and needed only for files, invalid inputs, unusual phone numbers, proxies, or by other functions.
RARELY_NEEDED = {
    "difflib",
    "email",
    "http.client",
    "jsonschema",
    "mimetypes",
    "phonenumbers",
    "requests",
    "tempfile",
    "urllib.request",
    "urllib3",
    "zeep",
    "zoneinfo",
}
RUN_MODE = """
import sys
from elasticio import cli
cli._parser(["run"]).parse_args(["run"])
from elasticio.runtime import sailor
from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.platform.api import PlatformApi
PlatformApi("https://127.0.0.1:1", "user", "key")
"""
CALLFIRE = """
from lib.callfire.api.client import client_for
client_for({"username": "user", "password": "password", "server": "http://127.0.0.1:1"})._http
"""
GET_CALL = """
from lib.actions import get_call
get_call.operation.request(get_call.operation.inputs({"id": "123"}, {}))
"""
SEND_TEXTS = """
from lib.actions import send_texts
from lib.callfire.sending.send_options import SendOptions
SendOptions.read({}, 100)
send_texts.operation.inputs({"recipients": [{"phoneNumber": "12135550177", "message": "Hello"}]}, {})
"""
ECHO = """
sys.path.insert(0, "bench/echo/lib")
import echo
"""


def loaded_by(*parts: str) -> set[str]:
    code = "".join((*parts, "\nprint(*sys.modules)"))
    environ = {"PATH": "", "PYTHONPATH": str(ROOT)}
    command: Sequence[str] = (sys.executable, "-c", code)
    output = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout
    return set(output.split())


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((RUN_MODE, ECHO), id="echo"),
        pytest.param((RUN_MODE, CALLFIRE, GET_CALL), id="getCall"),
        pytest.param((RUN_MODE, CALLFIRE, SEND_TEXTS), id="sendTexts"),
    ],
)
def test_a_step_loads_no_module_that_is_rarely_needed(parts: Sequence[str]) -> None:
    loaded = loaded_by(*parts)
    assert "elasticio.broker.rabbitmq.consumer" in loaded
    assert sorted(loaded & RARELY_NEEDED) == []


def test_the_modules_exist_so_that_a_renamed_one_is_noticed() -> None:
    for_other_functions = "import sys, " + ", ".join(sorted(RARELY_NEEDED))
    assert loaded_by(for_other_functions) >= RARELY_NEEDED
