"""The environment variables with which the platform starts a step."""

import os
from collections.abc import Mapping

from elasticio.runtime.settings import PREFIX

from elasticio_runner.engine.queues import DATA, ERROR, REBOUND, SNAPSHOT, FlowRun
from elasticio_runner.flow_file import components
from elasticio_runner.flow_file.flow import FlowStep
from elasticio_runner.local_platform.platform_api import LocalPlatform

_THIS_MACHINE = "localhost,127.0.0.0/8,::1"  # a flow under development uses local services and files


def environment(run: FlowRun, step: FlowStep, platform: LocalPlatform, webhook_uri: str) -> dict[str, str]:
    """Return the variables of one step; `webhook_uri` is for webhook triggers."""
    values: Mapping[str, object] = {
        "FLOW_ID": run.flow.id,
        "EXEC_ID": run.id,
        "STEP_ID": step.id,
        "CONTAINER_ID": f"{run.id}-{step.id}",
        "WORKSPACE_ID": "local",
        "USER_ID": "local",
        "COMP_ID": step.root.name,
        "FUNCTION": step.function,
        "API_URI": platform.uri,
        "API_USERNAME": platform.username,
        "API_KEY": platform.api_key,
        "COMPONENT_PATH": components.path_for_settings(step.root),
        "OBJECT_STORAGE_URI": platform.uri,
        "OBJECT_STORAGE_TOKEN": platform.token,
        "EGRESS_ALLOW": f"{_THIS_MACHINE},{os.environ.get(PREFIX + 'EGRESS_ALLOW', '')}",
        "EGRESS_DENY": os.environ.get(PREFIX + "EGRESS_DENY", ""),
        "AMQP_URI": run.amqp_uri,
        "LISTEN_MESSAGES_ON": run.queue(f"{step.id}.input"),
        "PUBLISH_MESSAGES_TO": run.exchange,
        **{f"{kind.upper()}_ROUTING_KEY": f"{step.id}.{kind}" for kind in (DATA, ERROR, SNAPSHOT, REBOUND)},
        "MESSAGE_CRYPTO_IV": run.crypto_iv,
        "MESSAGE_CRYPTO_PASSWORD": run.crypto_password,
        "AMQP_PERSISTENT_MESSAGES": "true",  # the flow continues after a restart of its broker
        "PROTOCOL_VERSION": 2,
        "STARTUP_REQUIRED": str(step.is_webhook).lower(),
        "FLOW_WEBHOOK_URI": webhook_uri if step.is_webhook else "",
        **_options(step),
    }
    return {PREFIX + name: str(value) for name, value in values.items()}


def _options(step: FlowStep) -> dict[str, object]:
    rates, rebound = step.options.get("rates", {}), step.options.get("rebound", {})
    return {
        "RABBITMQ_PREFETCH_SAILOR": step.options.get("prefetch", 1),
        **{f"{name.upper()}_RATE_LIMIT": rates[name] for name in (DATA, ERROR, SNAPSHOT) if name in rates},
        **({"RATE_INTERVAL": rates["interval"]} if "interval" in rates else {}),
        **({"REBOUND_INITIAL_EXPIRATION": rebound["delay"]} if "delay" in rebound else {}),
        **({"REBOUND_LIMIT": rebound["limit"]} if "limit" in rebound else {}),
    }
