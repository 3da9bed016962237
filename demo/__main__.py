"""Several senders send a text message, and a flow replies to each: `python -m demo [--broker memory|rabbitmq|URI]`

The sandbox receives the messages. The flow examples/auto-reply.flow.json runs in the real runtime. The exit code is 0
if each sender received exactly one reply, except the sender of STOP, who must receive none.
"""

import argparse
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from callfire_sandbox.server import Running, start
from elasticio import ElasticioError
from elasticio_runner import flow_run
from elasticio_runner.engine.flow_runner import FlowRunner, RunOptions
from elasticio_runner.engine.queues import IN_MEMORY
from elasticio_runner.flow_file import reader
from elasticio_runner.flow_file.flow import Flow

from demo.report import is_success, print_report
from demo.senders import SENDERS, Phones

FLOW = Path(__file__).parents[1] / "examples" / "auto-reply.flow.json"
POLLING_INTERVAL = 0.3  # seconds; a real flow polls less often


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit code: 0 for success, 1 for a failure."""
    parser = argparse.ArgumentParser("python -m demo", description="Run a flow that replies to text messages.")
    parser.add_argument(
        "--broker", default="memory", metavar="memory|rabbitmq|URI", help="the broker (default: memory)"
    )
    options = parser.parse_args(arguments)
    try:
        with _broker(options.broker) as amqp_uri, start() as callfire:
            has_succeeded = _run_flow(amqp_uri, callfire)
            replies = Phones(callfire).replies()
    except ElasticioError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print_report(SENDERS, replies)
    return 0 if has_succeeded and is_success(SENDERS, replies) else 1


def _run_flow(amqp_uri: str, callfire: Running) -> bool:
    """Run the flow while the phones send their messages. Returns whether all messages succeeded."""
    shown = flow_run.choose_display()
    runner = FlowRunner(_flow(callfire), shown, RunOptions(amqp_uri))
    phones = threading.Thread(target=Phones(callfire).send_all, args=(runner,), daemon=True)
    phones.start()
    return flow_run.supervise(runner, shown)


def _flow(callfire: Running) -> Flow:
    """Return the flow with the sandbox's credentials and a shorter polling interval."""
    login = {
        "CALLFIRE_SERVER": callfire.url,
        "CALLFIRE_USERNAME": callfire.username,
        "CALLFIRE_PASSWORD": callfire.password,
    }
    flow = reader.read(FLOW, {**os.environ, **login})
    trigger = replace(flow.trigger, options={**flow.trigger.options, "schedule": {"every": POLLING_INTERVAL}})
    return replace(flow, steps={**flow.steps, trigger.id: trigger})


@contextmanager
def _broker(name: str) -> Iterator[str]:
    """Yield the URI of the broker. If this function starts a broker, it stops the broker at the end."""
    if name != "rabbitmq":
        yield IN_MEMORY if name == "memory" else name
        return
    from services.rabbitmq import find_broker  # noqa: PLC0415 (only this option needs it)

    with find_broker() as broker:
        yield broker.uri


if __name__ == "__main__":
    sys.exit(main())
