"""The environment variables that the platform sets in the container of a step."""

from typing import Any

from services.fake_platform import FakePlatform
from services.step_queues import StepQueues

FLOW, STEP = "flow1", "step1"


def step_environment(
    queues: StepQueues | None, platform: FakePlatform, component: str = "scripted", **more: Any
) -> dict[str, str]:
    """Return a step's environment.

    `more` contains further variables: lower-case names without the ELASTICIO_ prefix. Without `queues` there are no
    AMQP variables. `component` is a folder in tests/integration.
    """
    names = ("flow_id", "exec_id", "step_id", "container_id", "workspace_id", "user_id", "comp_id")
    facts = {name: f"the {name}" for name in names} | {"flow_id": FLOW, "step_id": STEP, "function": "script"}
    # Relative to the working directory, as on the platform
    facts |= {"component_path": f"tests/integration/{component}"} | {name: str(value) for name, value in more.items()}
    platform.steps.setdefault((FLOW, STEP), {"config": {}, "snapshot": {}})
    return {
        **platform.environ(),
        **(queues.environ() if queues else {}),
        **{f"ELASTICIO_{name.upper()}": value for name, value in facts.items()},
    }
