"""The command `elasticio`. Each subcommand imports its modules when it runs, so that run mode starts fast.

elasticio run             run mode: process the messages of the step that the environment describes
elasticio service METHOD  service mode: call one method of the component for the platform

Other distributions add subcommands through the entry point group `elasticio.commands`. Each entry point is a function
that adds its parsers to the subparsers that it receives. A parser's default `command` is called with the parsed options
and returns the exit code. `elasticio-runner` adds those in `_RUNNER`.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from elasticio.errors import ElasticioError
from elasticio.version import __version__

GROUP = "elasticio.commands"
_METHODS = ("verifyCredentials", "getMetaModel", "selectModel")
_OWN = ("run", "service")
_RUNNER = ("flow", "exec", "preview", "check", "new")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 for success, 1 for a failure, 2 for an invalid command line, 130 for Ctrl-C before the command handles it.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = _parser(given).parse_args(given)
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except ElasticioError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:  # Ctrl-C before the command handles it
        return 130


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("elasticio", description="Run components of elastic.io style platforms.")
    parser.add_argument("--version", action="version", version=f"elasticio-sdk {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="process the messages of the step that the environment describes")
    run.set_defaults(command=_run)
    service = commands.add_parser("service", help="call a method of the component for the platform")
    service.add_argument("method", metavar="METHOD", help=", ".join(_METHODS))
    service.set_defaults(command=_service)
    if not arguments or arguments[0] not in _OWN:
        _add_external_commands(commands)
        if "_ARGCOMPLETE" in os.environ:
            _complete(parser)
        if arguments and arguments[0] in _RUNNER and arguments[0] not in commands.choices:
            parser.error(f"`elasticio {arguments[0]}` requires the runner. Run: pip install elasticio-runner")
    return parser


def _add_external_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from importlib.metadata import entry_points  # noqa: PLC0415 (run mode does not need it and must start fast)

    for entry in entry_points(group=GROUP):
        entry.load()(commands)


def _complete(parser: argparse.ArgumentParser) -> None:
    """Write the completions for the shell that asks for them, and end. Without argcomplete there are none."""
    with suppress(ImportError):
        import argcomplete  # noqa: PLC0415 (a dependency of the runner, which only the shell's request needs)

        argcomplete.autocomplete(parser)


def _run(_options: argparse.Namespace) -> int:
    from elasticio.runtime import sailor  # noqa: PLC0415

    return sailor.run(os.environ)


def _service(options: argparse.Namespace) -> int:
    from elasticio.runtime import logging, service  # noqa: PLC0415

    logging.configure(os.environ)
    return service.run(options.method, os.environ)
