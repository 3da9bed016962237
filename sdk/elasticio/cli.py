"""The command line. What a command needs is imported when it runs, so that run mode starts lean.

elasticio run                 run mode: work on the messages of one step, as the environment says
elasticio service METHOD      service mode: answer one question of the platform
elasticio flow run FILE       run a whole flow on this machine
elasticio exec FUNCTION       run one function once
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from elasticio import __version__
from elasticio.errors import ElasticioError

_METHODS = ("verifyCredentials", "getMetaModel", "selectModel")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 1 for a failure, 2 for a command that cannot be understood."""
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except ElasticioError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("elasticio", description="Run components of elastic.io style platforms.")
    parser.add_argument("--version", action="version", version=f"elasticio-sdk {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="work on the messages of one step, as the environment says")
    run.set_defaults(command=_run)
    service = commands.add_parser("service", help="answer one question of the platform, as the environment says")
    service.add_argument("method", metavar="METHOD", help=", ".join(_METHODS))
    service.set_defaults(command=_service)
    flow = commands.add_parser("flow", help="run a whole flow on this machine")
    _flow_arguments(flow.add_subparsers(required=True, metavar="COMMAND").add_parser("run", help="run a flow file"))
    _exec_arguments(commands.add_parser("exec", help="run one function once and print what it emits"))
    return parser


def _flow_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the flow, see docs/flows.md")
    parser.add_argument("--broker", metavar="URI", help="amqp://…: each step in a process of its own, over RabbitMQ")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep snapshots in this file between runs")
    parser.add_argument("--port", type=int, default=0, help="of the webhook gateway (a free one by default)")
    parser.add_argument("--public-url", metavar="URL", help="the gateway's address as others see it, e.g. of a tunnel")
    parser.set_defaults(command=_flow_run)


def _exec_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("function", metavar="FUNCTION", help="a trigger or action, as component.json names it")
    parser.add_argument("--body", type=_json, default={}, metavar="JSON|@FILE", help="the body of the message")
    parser.add_argument(
        "--config",
        type=_json_object,
        default={},
        metavar="JSON|@FILE",
        help='fields and credentials; "${VARIABLE}" is taken from the environment',
    )
    parser.add_argument("--snapshot", type=_json, default={}, metavar="JSON|@FILE", help="what the last run has left")
    parser.add_argument("--component", type=Path, default=Path(), metavar="PATH", help="default: the current folder")
    parser.add_argument("--file", type=Path, action="append", default=[], metavar="PATH", help="attach this file")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="save emitted files here")
    parser.add_argument("--sample", action="store_true", help="ask a trigger for a sample, as the designer does")
    parser.set_defaults(command=_exec)


def _run(_options: argparse.Namespace) -> int:
    from elasticio import logging, sailor  # noqa: PLC0415

    logging.configure(os.environ)
    return sailor.run(os.environ)


def _service(options: argparse.Namespace) -> int:
    from elasticio import logging, service  # noqa: PLC0415

    logging.configure(os.environ)
    return service.run(options.method, os.environ)


def _flow_run(options: argparse.Namespace) -> int:
    _require_flow_extra()
    from elasticio.flow import command  # noqa: PLC0415

    return command.run(
        options.file, broker=options.broker, state=options.state, port=options.port, public_url=options.public_url
    )


def _exec(options: argparse.Namespace) -> int:
    _require_flow_extra()
    from elasticio.flow import once  # noqa: PLC0415

    call = once.Call(
        options.function,
        options.component,
        options.body,
        options.config,
        options.snapshot,
        tuple(options.file),
        options.save,
        options.sample,
    )
    signal.signal(signal.SIGINT, _interrupted)
    return 0 if once.run_and_print(call, os.environ) else 1


def _interrupted(_number: int, _frame: object) -> None:
    """End at once: a component's thread cannot be stopped from outside."""
    sys.stderr.write("interrupted\n")
    os._exit(130)


def _require_flow_extra() -> None:
    try:
        import jsonata  # noqa: F401, PLC0415
        import jsonschema  # noqa: F401, PLC0415
        import rich  # noqa: F401, PLC0415
    except ImportError as error:
        raise ElasticioError(f"{error.name} is not installed; run: pip install 'elasticio-sdk[flow]'") from error


def _json(text: str) -> Any:
    """Read JSON from an argument, or from the file that it names behind @."""
    try:
        return json.loads(Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text[1:]} cannot be read: {error.strerror}") from error
    except ValueError as error:
        where = text[1:] if text.startswith("@") else "it"
        raise argparse.ArgumentTypeError(f"{where} is no JSON: {error}") from error


def _json_object(text: str) -> dict[str, Any]:
    value = _json(text)
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("it must be a JSON object")
    return value
