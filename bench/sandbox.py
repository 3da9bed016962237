"""Compares the sandbox with an nginx that serves the same bytes.

    python -m bench.sandbox --seconds 5 --connections 8

The table shows the requests per second of both servers, their ratio, and the CPU time per request. The requests are one
call, a page of 100 texts, and one text to send. The load generator is wrk. If wrk is missing, root on Debian or Ubuntu
installs it.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.report import number, table
from bench.step import cpu_ms
from bench.target import LOGIN, TEXT, Target, installed, nginx, sandbox

TEXTS_KEPT = 10_000
SCRIPT = """
wrk.method = "{method}"
wrk.headers["Authorization"] = "Basic {login}"
wrk.headers["Content-Type"] = "application/json"
wrk.body = {body}
"""


@dataclass(frozen=True)
class Case:
    """One kind of request."""

    name: str
    method: str
    path: str
    body: Any = None

    @property
    def script(self) -> str:
        """The Lua script that makes wrk send it."""
        login = base64.b64encode(":".join(LOGIN.values()).encode()).decode()
        body = "nil" if self.body is None else f"[==[{json.dumps(self.body)}]==]"
        return SCRIPT.format(method=self.method, login=login, body=body)


@dataclass(frozen=True)
class LoadResult:
    """The result of one load: requests per second, and milliseconds of CPU time per request."""

    rate: float
    cpu_ms: float


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        prog="bench.sandbox", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=5, help="duration of each load")
    parser.add_argument("--connections", type=int, default=8, help="number of connections")
    options = parser.parse_args()
    try:
        wrk = (installed("wrk", "wrk"), "-t1", f"-c{options.connections}", f"-d{options.seconds}s")
        print(measure(wrk))
    except RuntimeError as error:
        sys.exit(str(error))


def measure(wrk: Sequence[str]) -> str:
    """Load both servers with each kind of request, one after the other, and return the table."""
    rows = []
    with sandbox(TEXTS_KEPT) as server:
        cases = [
            Case("GET /calls/{id}", "GET", f"/v2/calls/{server.call_id}"),
            Case("GET /texts?limit=100", "GET", "/v2/texts?limit=100"),
            Case("POST /texts", "POST", "/v2/texts", [TEXT]),
        ]
        # Two cases share a path, so each response gets its own
        answers = {f"/v2/{place}": server.ask(case.method, case.path, case.body) for place, case in enumerate(cases)}
        with nginx(answers) as peer:
            for case, path in zip(cases, answers, strict=True):
                sandbox_load, nginx_load = load(server, case, case.path, wrk), load(peer, case, path, wrk)
                ratio = nginx_load.rate / sandbox_load.rate
                numbers = (sandbox_load.rate, nginx_load.rate, ratio, sandbox_load.cpu_ms, nginx_load.cpu_ms)
                rows.append([case.name, *map(number, numbers)])
    return table(["requests per second", "sandbox", "nginx", "ratio", "CPU ms per request", "nginx"], rows)


def load(server: Target, case: Case, path: str, wrk: Sequence[str]) -> LoadResult:
    """Load a server with requests to one path and return the result."""
    with TemporaryDirectory() as folder:
        script = Path(folder) / "case.lua"
        script.write_text(case.script)
        before = _cpu_ms(server)
        command = (*wrk, "-s", str(script), server.url.removesuffix("/v2") + path)
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return load_result(output, _cpu_ms(server) - before)


def load_result(output: str, spent_ms: float) -> LoadResult:
    """Parse the output of wrk. Raises RuntimeError if a request failed, because errors are faster than results."""
    count = re.search(r"(\d+) requests in", output)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if not count or not rate or not int(count[1]) or "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"Not all requests succeeded; output of wrk:\n{output}")
    return LoadResult(float(rate[1]), spent_ms / int(count[1]))


def _cpu_ms(server: Target) -> float:
    """Return the CPU time of a server and its children; nginx works in child processes."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return sum(cpu_ms(pid) for pid in (server.pid, *map(int, children)))


if __name__ == "__main__":
    main()
