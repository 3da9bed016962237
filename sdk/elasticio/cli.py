"""The command line: `elasticio run` and `elasticio service METHOD` are what a container is started with.

Each command imports what it needs when it runs, because a container's start is paid for with every step of every flow.
"""

import argparse
import os
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code."""
    options = _parser().parse_args(arguments)
    code: int = options.command(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("elasticio", description="Run Python components of integration platforms.")
    commands = parser.add_subparsers(title="commands", required=True)

    run = commands.add_parser("run", help="run the step that the environment describes, until SIGTERM or SIGINT")
    run.set_defaults(command=_run)

    service = commands.add_parser("service", help="answer one question of the platform and exit")
    service.add_argument("method", help="verifyCredentials, getMetaModel or selectModel")
    service.set_defaults(command=_service)
    return parser


def _run(_options: argparse.Namespace) -> int:
    from elasticio import logging, sailor  # noqa: PLC0415

    logging.configure(os.environ)
    return sailor.run(os.environ)


def _service(options: argparse.Namespace) -> int:
    from elasticio import logging, service  # noqa: PLC0415

    logging.configure(os.environ)
    return service.run(options.method, os.environ)
