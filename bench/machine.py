"""What the figures were measured on."""

import datetime
import json
import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

import pika

from bench.sides import PEER
from bench.world import World


def about(world: World, runs: int) -> dict[str, Any]:
    """Describe the machine, without its name, and the versions of what took part."""
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
            "Node.js": _said(world.node.node, "--version").removeprefix("v"),
            **{name: _installed(name) for name in ("elasticio-sailor-nodejs", "swagger-client")},
            "RabbitMQ": _rabbitmq(world.broker_uri),
        },
    }


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _installed(package: str) -> str:
    return str(json.loads((PEER / "node_modules" / package / "package.json").read_text())["version"])


def _rabbitmq(uri: str) -> str:
    with pika.BlockingConnection(pika.URLParameters(uri)) as connection:
        told = connection._impl.server_properties  # the blocking connection does not show them itself
        return str(told["version"])
