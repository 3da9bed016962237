"""Runs a function of the connector with the SDK's fake step."""

import importlib
from typing import Any

from elasticio import Message
from elasticio.testing import FakeStep as SdkStep
from elasticio.testing import MemoryAttachments
from elasticio.testing import run as process


class FakeStep(SdkStep):
    """A step that fetches URLs from this machine."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"attachments": MemoryAttachments(egress="127.0.0.0/8"), **facts})


def config_for(url: str, **more: Any) -> dict[str, Any]:
    return {"username": "login", "password": "s3cr3t-pass", "server": url, **more}


def run(
    function: str,
    body: Any,
    config: dict[str, Any],
    *,
    snapshot: Any = None,
    step: FakeStep | None = None,
    **message: Any,
) -> list[dict[str, Any]]:
    """Run `actions.find_texts` or the like for one message; returns the emitted messages, data only, as dicts."""
    step = step or FakeStep()
    process(importlib.import_module(f"lib.{function}"), Message(body=body, **message), config, snapshot, step=step)
    data = [payload for event, payload in step.emitted if event == "data"]
    return [payload if isinstance(payload, dict) else payload.to_dict() for payload in data]


def bodies(function: str, body: Any, config: dict[str, Any], **more: Any) -> list[Any]:
    return [payload["body"] for payload in run(function, body, config, **more)]
