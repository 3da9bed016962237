"""How fast the sandbox is, beside an nginx that serves the very same bytes.

    python -m bench.sandbox --seconds 5 --connections 8

For a call, a page of 100 texts and a text to send: requests a second of both, their ratio, and the processor time that
each request takes. `wrk` asks; as root on Debian or Ubuntu it is installed if it is missing.
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
        """What tells wrk to send it."""
        login = base64.b64encode(":".join(LOGIN.values()).encode()).decode()
        body = "nil" if self.body is None else f"[==[{json.dumps(self.body)}]==]"
        return SCRIPT.format(method=self.method, login=login, body=body)


@dataclass(frozen=True)
class Answered:
    """How a server did: requests a second, and milliseconds of processor time for each."""

    rate: float
    cpu_ms: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="bench.sandbox", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=5, help="how long each load lasts")
    parser.add_argument("--connections", type=int, default=8, help="over how many connections")
    options = parser.parse_args()
    try:
        wrk = (installed("wrk", "wrk"), "-t1", f"-c{options.connections}", f"-d{options.seconds}s")
        print(measure(wrk))
    except RuntimeError as error:
        sys.exit(str(error))


def measure(wrk: Sequence[str]) -> str:
    """Load both servers with each kind of request, one after the other; return a table of it."""
    rows = []
    with sandbox(TEXTS_KEPT) as ours:
        cases = [
            Case("GET /calls/{id}", "GET", f"/v2/calls/{ours.call_id}"),
            Case("GET /texts?limit=100", "GET", "/v2/texts?limit=100"),
            Case("POST /texts", "POST", "/v2/texts", [TEXT]),
        ]
        # One path may have several answers, so each is a file of its own
        answers = {f"/v2/{place}": ours.ask(case.method, case.path, case.body) for place, case in enumerate(cases)}
        with nginx(answers) as peer:
            for case, path in zip(cases, answers, strict=True):
                mine, theirs = load(ours, case, case.path, wrk), load(peer, case, path, wrk)
                figures = (mine.rate, theirs.rate, theirs.rate / mine.rate, mine.cpu_ms, theirs.cpu_ms)
                rows.append([case.name, *map(number, figures)])
    return table(["requests a second", "sandbox", "nginx", "ratio", "processor ms each", "nginx"], rows)


def load(server: Target, case: Case, path: str, wrk: Sequence[str]) -> Answered:
    """Ask a server for a path as fast as it answers."""
    with TemporaryDirectory() as folder:
        script = Path(folder) / "case.lua"
        script.write_text(case.script)
        before = _cpu_ms(server)
        command = (*wrk, "-s", str(script), server.url.removesuffix("/v2") + path)
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return answered(said, _cpu_ms(server) - before)


def answered(said: str, spent_ms: float) -> Answered:
    """Read what wrk says. Raises RuntimeError if a request went wrong: an error is answered faster than a result."""
    count = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not count or not rate or not int(count[1]) or "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"Not all requests were answered; wrk said:\n{said}")
    return Answered(float(rate[1]), spent_ms / int(count[1]))


def _cpu_ms(server: Target) -> float:
    """Return the processor time of a server and of its children, which do the work of nginx."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return sum(cpu_ms(pid) for pid in (server.pid, *map(int, children)))


if __name__ == "__main__":
    main()
