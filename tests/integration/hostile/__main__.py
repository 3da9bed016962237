"""python -m tests.integration.hostile --cases 2000 --seed 7

Attacks steps with all listed inputs, and with generated ones. Prints the number of cases and failures by class.
"""

import argparse
import random
import sys
from pathlib import Path

from services.rabbitmq import find_broker
from tests.integration.hostile.attack import Report
from tests.integration.hostile.campaign import attack_by_answers, attack_by_messages, attack_by_polls
from tests.integration.hostile.operations import OPERATIONS
from tests.integration.step_process import Checkout


def main() -> int:
    """Run the attacks and print their results. Returns 1 after failures."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.hostile", description=__doc__)
    parser.add_argument("--cases", type=int, default=400, help="number of generated messages (%(default)s)")
    parser.add_argument("--answers", type=int, help="number of answers to each operation. Default: all, twice")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="seed of the generated cases")
    names = ["messages", "newInboundTexts", *(operation.name for operation in OPERATIONS)]
    parser.add_argument("--only", default="", choices=names, help="the attack by messages, or one function")
    parser.add_argument("--each", action="store_true", help="one case at a time, to find the cases that fail")
    parser.add_argument("--checkout", type=Path, help="another checkout with its own .venv, whose steps are attacked")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    given = options.checkout
    code = Checkout(str(given / ".venv/bin/python"), given) if given else Checkout()
    report = Report()
    with find_broker() as broker:
        if options.only in {"", "messages"}:
            report.add(attack_by_messages(broker.uri, options.cases // 4, options.seed, code, each=options.each))
        if options.only in {"", "newInboundTexts"}:
            report.add(attack_by_polls(broker.uri, options.cases, options.seed, code))
        chosen = [operation for operation in OPERATIONS if options.only in {"", operation.name}]
        report.add(
            attack_by_answers(broker.uri, options.answers, options.seed, code, each=options.each, operations=chosen)
        )
    for failure in report.failures:
        print(failure)
    print(report)
    return bool(report.failures)


if __name__ == "__main__":
    sys.exit(main())
