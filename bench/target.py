"""The HTTP targets of the steps: a sandbox, or an nginx that serves the sandbox's responses as files."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from services.apt import AptError, apt_install

LOGIN = {"username": "sandbox", "password": "sandbox-password"}
CALL = Path(__file__).with_name("call.json")  # with two attempts, a recording, a contact and attributes
TEXT = {"phoneNumber": "12135550177", "message": "Your table is ready."}
PATIENCE = 30
# nginx responds to a POST to a file with 405; here it serves the file.
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; user root;
events {{ worker_connections 256; }}
http {{
    access_log off; keepalive_requests 100000000; default_type application/json; error_page 405 =200 $uri;
    open_file_cache max=16; tcp_nodelay on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@dataclass(frozen=True)
class Target:
    """A server: name, URL of its API, ID of an existing call, process ID."""

    name: str
    url: str
    call_id: str = ""
    pid: int = 0

    def ask(self, method: str, path: str, value: Any = None) -> bytes:
        """Return the response body of a request; `path` starts at the server's root."""
        data = None if value is None else json.dumps(value).encode()
        request = Request(self.url.removesuffix("/v2") + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", "Basic " + base64.b64encode(":".join(LOGIN.values()).encode()).decode())
        with urlopen(request, timeout=PATIENCE) as answer:
            return bytes(answer.read())

    def description(self, of: "Target") -> bytes:
        """Return the API description of another target with this server's host."""
        described = json.loads(of.ask("GET", "/v2/api-docs/swagger.json"))
        described["host"] = self.url.split("/")[2]
        return json.dumps(described).encode()


@contextmanager
def sandbox(texts: int = 0) -> Iterator[Target]:
    """Run a sandbox with one call and `texts` inbound texts. Sent texts stay READY: only requests are measured."""
    command = (sys.executable, "-m", "sandbox", "--switch", "text_takes=3600000")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = re.search(r"http://\S+?/v2", line := process.stdout.readline())
            if not address:
                raise RuntimeError(f"The sandbox did not start; its output: {line}")
            target = Target("sandbox", address[0], pid=process.pid)
            target.ask("PATCH", "/sandbox/account", {"credits": 1e12})
            if texts:
                target.ask("POST", "/sandbox/load", {"kind": "texts", "total": texts, "perSecond": 1e6})
                target.ask("POST", "/sandbox/clock", {"advance": 1000})
            call = json.loads(target.ask("POST", "/sandbox/calls", {"fromNumber": TEXT["phoneNumber"]}))
            yield replace(target, call_id=str(call["id"]))
        finally:
            process.terminate()


@contextmanager
def nginx(files: Mapping[str, bytes]) -> Iterator[Target]:
    """Run an nginx that serves each path of `files`. Raises RuntimeError if nginx cannot be installed or started."""
    program = installed("nginx", "nginx-light")
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        Path(folder).chmod(0o755)
        for path, content in files.items():
            file = Path(f"{folder}/files{path}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        configuration = Path(folder) / "nginx.conf"
        text = NGINX.format(folder=folder, port=port)
        configuration.write_text(text if os.geteuid() == 0 else text.replace("user root;", ""))
        with subprocess.Popen((program, "-e", f"{folder}/error.log", "-c", configuration)) as process:
            try:
                _wait_for(port, process)
                yield Target("nginx", f"http://127.0.0.1:{port}/v2", pid=process.pid)
            finally:
                process.terminate()


def recipients(count: int) -> list[dict[str, str]]:
    """Return recipients of texts with different numbers."""
    first = int(TEXT["phoneNumber"])
    return [{**TEXT, "phoneNumber": str(first + number)} for number in range(count)]


@contextmanager
def many_texts(origin: Target, count: int) -> Iterator[Target]:
    """Run an nginx that responds to sendTexts as `origin` does, with `count` texts in the order of `recipients`."""
    answer = json.loads(origin.ask("POST", "/v2/texts", [TEXT]))
    (text,) = answer["items"]
    numbers = [recipient["phoneNumber"] for recipient in recipients(count)]
    items = [{**text, "id": text["id"] + place, "toNumber": number} for place, number in enumerate(numbers)]
    with nginx({"/v2/texts": json.dumps({**answer, "items": items}).encode()}) as target:
        yield target


def installed(program: str, package: str) -> str:
    """Return the path of a program, installed if necessary. Raises RuntimeError if that fails."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    if not shutil.which(program, path=path):
        try:
            apt_install(package)
        except AptError as error:
            raise RuntimeError(
                f"{program} is missing; apt-get: {error}. Install it and try again; on Debian or Ubuntu: "
                f"sudo apt-get install {package}"
            ) from error
    if found := shutil.which(program, path=path):
        return found
    raise RuntimeError(f"apt-get installed {package}, but {program} is not on PATH. Add it to PATH.")


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("nginx did not start.")


@contextmanager
def fixed_responses(origin: Target) -> Iterator[Target]:
    """Run an nginx with a call for getCall and the response of `origin` for sendTexts."""
    call = CALL.read_bytes()
    call_id = str(json.loads(call)["id"])
    with nginx({f"/v2/calls/{call_id}": call, "/v2/texts": origin.ask("POST", "/v2/texts", [TEXT])}) as target:
        yield replace(target, call_id=call_id)
