"""How fast the sandbox is, beside nginx serving the very same bytes.

    python bench/sandbox.py [--seconds 5] [--connections 8]

For GET /calls/{id}, POST /texts and a page of 100 texts: requests a second of both, their ratio, and what share of a
core the sandbox needs for one request. Needs wrk and nginx (Debian: apt-get install wrk nginx-light).
"""

import argparse
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

LOGIN = "Basic " + base64.b64encode(b"sandbox:sandbox-password").decode()
TEXTS_KEPT = 10_000
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off; keepalive_requests 100000000; default_type application/json; error_page 405 =200 $uri;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""
SCRIPT = 'wrk.method = "{method}"\nwrk.headers["Authorization"] = "{login}"\nwrk.body = {body}\n'


@dataclass(frozen=True)
class Case:
    """One kind of request."""

    name: str
    method: str
    path: str
    body: Any = None


@dataclass(frozen=True)
class Server:
    """A server under load."""

    port: int
    pid: int

    def ask(self, method: str, path: str, value: Any = None) -> bytes:
        """One request."""
        data = None if value is None else json.dumps(value).encode()
        request = Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method)
        request.add_header("Authorization", LOGIN)
        with urlopen(request) as answer:
            return bytes(answer.read())

    def core_seconds(self) -> float:
        """Processor time that it and its children have used."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in (self.pid, *children)]
        return sum(int(entry[11]) + int(entry[12]) for entry in fields) / os.sysconf("SC_CLK_TCK")


def load(server: Server, case: Case, path: str, options: argparse.Namespace) -> tuple[float, float]:
    """Requests a second that a server answers, and the core seconds that each took."""
    body = "nil" if case.body is None else f"[==[{json.dumps(case.body)}]==]"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(method=case.method, login=LOGIN, body=body))
        script.flush()
        command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "-s", script.name]
        before = server.core_seconds()
        shown = subprocess.run(
            [*command, f"http://127.0.0.1:{server.port}{path}"], capture_output=True, text=True, check=True
        ).stdout
    if "Non-2xx" in shown or "Socket errors" in shown:
        sys.exit(f"{case.name} went wrong:\n{shown}")
    count = int(re.search(r"(\d+) requests in", shown)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", shown)[1]), (server.core_seconds() - before) / count


@contextmanager
def sandbox() -> Iterator[Server]:
    """A sandbox with texts in it, which are not finished meanwhile: what is measured is the requests."""
    command = [sys.executable, "-m", "sandbox", "--switch", "text_takes=3600000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            server = Server(int(re.search(r":(\d+)/v2", process.stdout.readline())[1]), process.pid)
            server.ask("POST", "/sandbox/load", {"total": TEXTS_KEPT, "perSecond": 1e9})
            server.ask("POST", "/sandbox/clock", {"advance": 1000})
            server.ask("PATCH", "/sandbox/account", {"credits": 1e12})
            yield server
        finally:
            process.terminate()


@contextmanager
def nginx(answers: list[bytes]) -> Iterator[Server]:
    """An nginx that gives each answer as a file, /0, /1 and so on."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None or shutil.which("wrk") is None:
        sys.exit("wrk and nginx are needed; on Debian or Ubuntu: apt-get install wrk nginx-light")
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        Path(folder).chmod(0o755)
        for number, answer in enumerate(answers):
            (Path(folder) / str(number)).write_bytes(answer)
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(NGINX.format(folder=folder, port=port))
        with subprocess.Popen([program, "-c", configuration]) as process:
            try:
                while not (Path(folder) / "pid").exists():
                    time.sleep(0.05)
                yield Server(port, process.pid)
            finally:
                process.terminate()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5, help="how long each load lasts")
    parser.add_argument("--connections", type=int, default=8, help="over how many connections")
    options = parser.parse_args()
    with sandbox() as ours:
        call = json.loads(ours.ask("POST", "/sandbox/calls", {"fromNumber": "12135550177"}))
        text = [{"phoneNumber": "12135550177", "message": "Your table is ready."}]
        cases = [
            Case("GET /calls/{id}", "GET", f"/v2/calls/{call['id']}"),
            Case("GET /texts (100)", "GET", "/v2/texts?limit=100"),
            Case("POST /texts", "POST", "/v2/texts", text),
        ]
        with nginx([ours.ask(case.method, case.path, case.body) for case in cases]) as peer:
            print(f"{'':18}{'sandbox':>10}{'nginx':>10}{'ratio':>8}{'core ms per request':>22}{'nginx':>8}")
            for number, case in enumerate(cases):
                rate, core = load(ours, case, case.path, options)
                peer_rate, peer_core = load(peer, case, f"/{number}", options)
                shares = f"{peer_rate / rate:>8.1f}{1000 * core:>22.3f}{1000 * peer_core:>8.3f}"
                print(f"{case.name:18}{rate:>8.0f}/s{peer_rate:>8.0f}/s{shares}")


if __name__ == "__main__":
    main()
