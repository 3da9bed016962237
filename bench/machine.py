"""The machine and the versions of a measurement."""

import datetime
import json
import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

import pika

from bench.environment import Environment
from bench.runtimes import PEER


def about(environment: Environment, runs: int) -> dict[str, Any]:
    """Describe the machine, without its name, and all versions."""
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    processor = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": processor[1] if processor else platform.machine(),
        "memory_gb": round(int(memory[1]) / 1024**2) if memory else 0,
        "system": f"{platform.system()} {platform.release()}",
        "runs": runs,
        "versions": {
            "Python": platform.python_version(),
            "Node.js": _output(environment.node.node, "--version").removeprefix("v"),
            **{name: _installed(name) for name in ("elasticio-sailor-nodejs", "swagger-client")},
            "RabbitMQ": _rabbitmq(environment.broker_uri),
        },
    }


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _installed(package: str) -> str:
    return str(json.loads((PEER / "node_modules" / package / "package.json").read_text())["version"])


def _rabbitmq(uri: str) -> str:
    with pika.BlockingConnection(pika.URLParameters(uri)) as connection:
        properties = connection._impl.server_properties  # the blocking connection does not expose them
        return str(properties["version"])
