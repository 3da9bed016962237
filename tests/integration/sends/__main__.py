"""python -m tests.integration.sends --action sendCalls --recipients 10000 --kills 60 --cuts 20

Prints the results of a storm. Fails if a target was sent to twice, if a target was not sent to and no error reports it,
or if the output differs from the sandbox.
"""

import argparse
import signal
import sys

from services.rabbitmq import find_broker, private_broker
from tests.integration.sends import ACTIONS, Plan, storm
from tests.integration.sends.plan import CONFIG

COUNTS = {
    "recipients": "recipients, or orders",
    "kills": "kill -9 of a container",
    "cuts": "cuts of the connections of one or all containers",
    "restarts": "restarts of a private broker",
    "prefetch": "messages in progress per container; 0: 20, or 1 for orders",
    "pause": "milliseconds until a message is delivered again after its first rebound",
    "containers": "containers of the step",
    "seed": "of the random moments",
}


def main() -> int:
    """Run a storm and print its results."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.sends", description=__doc__)
    parser.add_argument("--action", default=Plan.action, choices=ACTIONS, help="the action under test")
    parser.add_argument("--settle", default=CONFIG["settleTime"], help="the form's settleTime, in seconds")
    for name, text in COUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name), help=f"{text} (%(default)s)")
    parser.add_argument("--component", default=".", help="the component to run, e.g. a copy that is broken on purpose")
    given = vars(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all started processes are stopped
    try:
        plan = Plan(config={"settleTime": given.pop("settle")}, **given)
    except ValueError as error:
        parser.error(str(error))
    with private_broker() if plan.restarts else find_broker() as broker, storm(plan, broker) as running:
        results = running.run()
    for name, value in results.lines().items():
        print(f"{name:22} {value}")
    return 0 if results.is_right else 1


if __name__ == "__main__":
    sys.exit(main())
