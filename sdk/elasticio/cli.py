"""The command line. A command imports what it needs when it runs, so that run mode starts lean.

elasticio run                 run mode: process the messages of one step, as the environment says
elasticio service METHOD      service mode: answer one question of the platform

Other distributions add commands through the entry point group `elasticio.commands`. Each entry point is a function
that receives the subparsers and adds its parsers; a parser's default `command` is called with the parsed options and
returns the exit code. `elasticio-runner` adds `flow` and `exec` in this way.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from elasticio.errors import ElasticioError
from elasticio.version import __version__

GROUP = "elasticio.commands"
_METHODS = ("verifyCredentials", "getMetaModel", "selectModel")
_OWN = ("run", "service")
_RUNNER = ("flow", "exec")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 1 for a failure, 2 for a command that cannot be understood."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(given).parse_args(given)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except ElasticioError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("elasticio", description="Run components of elastic.io style platforms.")
    parser.add_argument("--version", action="version", version=f"elasticio-sdk {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="process the messages of one step, as the environment says")
    run.set_defaults(command=_run)
    service = commands.add_parser("service", help="answer one question of the platform, as the environment says")
    service.add_argument("method", metavar="METHOD", help=", ".join(_METHODS))
    service.set_defaults(command=_service)
    if not arguments or arguments[0] not in _OWN:
        _add_commands_of_others(commands)
        if arguments and arguments[0] in _RUNNER and arguments[0] not in commands.choices:
            parser.error(f"`elasticio {arguments[0]}` needs the runner; run: pip install elasticio-runner")
    return parser


def _add_commands_of_others(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from importlib.metadata import entry_points  # noqa: PLC0415 (not in run mode, which has to start quickly)

    for entry in entry_points(group=GROUP):
        entry.load()(commands)


def _run(_options: argparse.Namespace) -> int:
    from elasticio.runtime import sailor  # noqa: PLC0415

    return sailor.run(os.environ)


def _service(options: argparse.Namespace) -> int:
    from elasticio.runtime import logging, service  # noqa: PLC0415

    logging.configure(os.environ)
    return service.run(options.method, os.environ)
