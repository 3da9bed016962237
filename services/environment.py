"""The environment of a step, as the platform describes a step to its container."""

from typing import Any

from services.fake_platform import FakePlatform
from services.queues import Wire

FLOW, STEP = "flow1", "step1"


def environ(wire: Wire | None, platform: FakePlatform, component: str = "scripted", **more: Any) -> dict[str, str]:
    """Return the environment of a step; names are given without the prefix and in lower case."""
    names = ("flow_id", "exec_id", "step_id", "container_id", "workspace_id", "user_id", "comp_id")
    facts = {name: f"the {name}" for name in names} | {"flow_id": FLOW, "step_id": STEP, "function": "script"}
    # Relative to the working directory, as on the platform
    facts |= {"component_path": f"tests/integration/{component}"} | {name: str(value) for name, value in more.items()}
    platform.steps.setdefault((FLOW, STEP), {"config": {}, "snapshot": {}})
    return {
        **platform.environ(),
        **(wire.environ() if wire else {}),
        **{f"ELASTICIO_{name.upper()}": value for name, value in facts.items()},
    }
