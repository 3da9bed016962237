"""Several people text a number, and a flow answers each of them: `python -m demo [--broker memory|rabbitmq|URI]`

The number belongs to the sandbox. The flow is examples/auto-reply.flow.json and runs in the real runtime. The exit code
is 0 if each person received exactly one answer, and the one who wrote STOP received none.
"""

import argparse
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from elasticio import ElasticioError
from elasticio_runner import flow_run
from elasticio_runner.engine.flow_runner import FlowRunner, RunOptions
from elasticio_runner.engine.queues import IN_MEMORY
from elasticio_runner.flow_file import reader
from elasticio_runner.flow_file.flow import Flow

from demo.people import PEOPLE, Phones
from demo.report import answers_are_right, print_report
from sandbox.server import Running, start

FLOW = Path(__file__).parents[1] / "examples" / "auto-reply.flow.json"
POLLING = 0.3  # seconds: shorter than the schedule of a real flow


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit code."""
    parser = argparse.ArgumentParser("python -m demo", description="A flow answers several texts on your machine.")
    parser.add_argument("--broker", default="memory", metavar="memory|rabbitmq|URI", help="the broker for the messages")
    options = parser.parse_args(arguments)
    try:
        with _broker(options.broker) as amqp_uri, start() as callfire:
            went_well = _answer_texts(amqp_uri, callfire)
            answers = Phones(callfire).answers()
    except ElasticioError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print_report(PEOPLE, answers)
    return 0 if went_well and answers_are_right(PEOPLE, answers) else 1


def _answer_texts(amqp_uri: str, callfire: Running) -> bool:
    shown = flow_run.choose_display()
    runner = FlowRunner(_flow(callfire), shown, RunOptions(amqp_uri))
    phones = threading.Thread(target=Phones(callfire).text, args=(runner,), daemon=True)
    phones.start()
    return flow_run.supervise(runner, shown)


def _flow(callfire: Running) -> Flow:
    """Read the flow, with a shorter polling interval."""
    login = {
        "CALLFIRE_SERVER": callfire.url,
        "CALLFIRE_USERNAME": callfire.username,
        "CALLFIRE_PASSWORD": callfire.password,
    }
    flow = reader.read(FLOW, {**os.environ, **login})
    trigger = replace(flow.trigger, options={**flow.trigger.options, "schedule": {"every": POLLING}})
    return replace(flow, steps={**flow.steps, trigger.id: trigger})


@contextmanager
def _broker(name: str) -> Iterator[str]:
    """Yield the address of the broker. A broker that this call starts is stopped at the end."""
    if name != "rabbitmq":
        yield IN_MEMORY if name == "memory" else name
        return
    from services.rabbitmq import find_broker  # noqa: PLC0415 (only this option needs it)

    with find_broker() as broker:
        yield broker.uri


if __name__ == "__main__":
    sys.exit(main())
