"""The commands `elasticio flow run` and `elasticio exec`. The entry point group `elasticio.commands` registers them."""

import argparse
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from elasticio import ElasticioError

from elasticio_runner import json_input
from elasticio_runner.check import command as check
from elasticio_runner.preview import command as preview
from elasticio_runner.terminal_text import printable


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parsers of the runner's commands to `elasticio`."""
    flow = commands.add_parser("flow", help="run a whole flow on this machine")
    _flow_arguments(flow.add_subparsers(required=True, metavar="COMMAND").add_parser("run", help="run a flow file"))
    _exec_arguments(commands.add_parser("exec", help="run one function once and print its events"))
    preview.register(commands)
    check.register(commands)


def _flow_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the flow file, see docs/flows.md")
    parser.add_argument("--broker", metavar="URI", help="run each step in a separate process over RabbitMQ (amqp://…)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="store snapshots in this file between runs")
    parser.add_argument("--port", type=int, default=0, help="port of the webhook gateway (default: a free port)")
    parser.add_argument("--public-url", metavar="URL", help="public URL of the gateway, e.g. of a tunnel")
    parser.set_defaults(command=_flow_run)


def _exec_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("function", metavar="FUNCTION", help="name of a trigger or action in component.json")
    parser.add_argument("--body", type=_json, default={}, metavar="JSON|@FILE", help="the body of the message")
    parser.add_argument(
        "--config",
        type=_json_object,
        default={},
        metavar="JSON|@FILE",
        help='fields and credentials; "${VARIABLE}" refers to the environment',
    )
    parser.add_argument("--snapshot", type=_json, default={}, metavar="JSON|@FILE", help="the snapshot of the last run")
    parser.add_argument(
        "--component",
        type=Path,
        default=Path(),
        metavar="PATH",
        help="folder (default: the current one)",
    )
    parser.add_argument("--file", type=Path, action="append", default=[], metavar="PATH", help="attach this file")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="save emitted files here")
    parser.add_argument("--sample", action="store_true", help="retrieve a sample from a trigger, like the designer")
    parser.set_defaults(command=_exec)


def _flow_run(options: argparse.Namespace) -> int:
    from elasticio_runner import flow_run  # noqa: PLC0415 (`elasticio --help` does not need it)

    try:
        return flow_run.run(
            options.file, broker=options.broker, state=options.state, port=options.port, public_url=options.public_url
        )
    except ElasticioError as error:
        return _failed(error)


def _exec(options: argparse.Namespace) -> int:
    from elasticio_runner.errors import AbandonedError  # noqa: PLC0415 (as above)
    from elasticio_runner.exec import Call, run_and_print  # noqa: PLC0415 (as above)

    call = Call(
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
    try:
        return 0 if run_and_print(call, os.environ) else 1
    except AbandonedError as error:
        os._exit(_failed(error))  # a running thread of the component would keep the process alive
    except ElasticioError as error:
        return _failed(error)


def _failed(error: ElasticioError) -> int:
    """Print an error of the runner, the SDK or a component without control characters; returns the exit code."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{printable(str(error))}\n")
        sys.stderr.flush()
    return 1


def _interrupted(_number: int, _frame: object) -> None:
    """End at once: a component's thread cannot be stopped."""
    sys.stderr.write("interrupted\n")
    os._exit(130)


def _json(text: str) -> Any:
    """Return the JSON value of an argument, or of the file that the argument names after @."""
    try:
        return json_input.parse(json_input.read_text(Path(text[1:])) if text.startswith("@") else text)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not in UTF-8"
        raise argparse.ArgumentTypeError(printable(f"{text[1:]} cannot be read: {reason}")) from error
    except json_input.InvalidJsonError as error:
        where = f"{text[1:]}, line {error.line}: " if text.startswith("@") else ""
        raise argparse.ArgumentTypeError(printable(f"{where}not valid JSON: {error}")) from error


def _json_object(text: str) -> dict[str, Any]:
    value = _json(text)
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return value
