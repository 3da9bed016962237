"""The commands `elasticio flow` and `elasticio exec`. The entry point group `elasticio.commands` registers them.

The functions for the options are here; `help_texts` has the texts below them.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from elasticio import ElasticioError

from elasticio_runner import arguments, completion, help_texts
from elasticio_runner.check import command as check
from elasticio_runner.new import command as new
from elasticio_runner.preview import command as preview
from elasticio_runner.terminal_text import printable

INTERRUPTED = 130
_end_process = os._exit  # while a component runs, `print_redirect.shows_exit` replaces it


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parsers of the runner's commands to `elasticio`."""
    flow = commands.add_parser("flow", help="run or check a whole flow on this machine")
    flows = flow.add_subparsers(required=True, metavar="COMMAND")
    _run_arguments(_parser(flows, "run", "run a flow file", help_texts.RUN))
    _check_arguments(_parser(flows, "check", "report all mistakes of flow files without a run", help_texts.CHECK))
    what = "run one function, or one method of the designer, once and print its results"
    _exec_arguments(_parser(commands, "exec", what, help_texts.EXEC))
    preview.register(commands)
    check.register(commands)
    new.register(commands)


def _parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str, epilog: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=what, description=what, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    file = parser.add_argument("file", type=Path, metavar="FILE", help="the flow file, see docs/flows.md")
    _complete(file, completion.json_files)
    parser.add_argument("--broker", metavar="URI", help="run each step in a separate process over RabbitMQ (amqp://…)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="store snapshots in this file between runs")
    parser.add_argument(
        "--port", type=arguments.port, default=0, help="port of the webhook gateway (default: a free port)"
    )
    parser.add_argument("--public-url", metavar="URL", help="public URL of the gateway, e.g. of a tunnel")
    parser.add_argument("--json", action="store_true", help="print each event as one line of JSON on standard output")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("-v", "--verbose", action="store_true", help="show tracebacks, and log lines from level debug")
    amount.add_argument("-q", "--quiet", action="store_true", help="show only failures and messages of console steps")
    parser.set_defaults(command=_flow_run)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    files = parser.add_argument("files", type=Path, metavar="FILE", nargs="+", help="a flow file")
    _complete(files, completion.json_files)
    parser.add_argument("--json", action="store_true", help="print each mistake as one line of JSON")
    parser.set_defaults(command=_flow_check)


def _exec_arguments(parser: argparse.ArgumentParser) -> None:
    function = parser.add_argument(
        "function", metavar="FUNCTION", nargs="?", help="name of a trigger or action in component.json"
    )
    _complete(function, completion.functions)
    method = parser.add_mutually_exclusive_group()
    method.add_argument("--sample", action="store_true", help="retrieve a sample from a trigger, like the designer")
    method.add_argument("--verify", action="store_true", help="check the credentials; without FUNCTION")
    select = method.add_argument(
        "--select", metavar="FIELD", help="print the options of a select field; without FUNCTION, of the credentials"
    )
    _complete(select, completion.select_fields)
    method.add_argument("--metadata", action="store_true", help="print the schemas of FUNCTION (get_meta_model)")
    parser.add_argument(
        "--body", type=arguments.json_value, default={}, metavar="JSON|@FILE", help="the body of the message"
    )
    parser.add_argument(
        "--config",
        type=arguments.json_object,
        action="append",
        default=[],
        metavar="JSON|@FILE",
        help='fields and credentials; "${VARIABLE}" refers to the environment; may be repeated',
    )
    parser.add_argument(
        "--snapshot", type=arguments.json_value, default={}, metavar="JSON|@FILE", help="the snapshot of the last run"
    )
    parser.add_argument(
        "--component",
        type=arguments.component_folder,
        default="",
        metavar="PATH",
        help="folder (default: the current one)",
    )
    parser.add_argument("--file", type=Path, action="append", default=[], metavar="PATH", help="attach this file")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="save emitted files here")
    parser.add_argument("-v", "--verbose", action="store_true", help="show tracebacks, and log lines from level debug")
    parser.set_defaults(command=_exec, parser=parser)


def _complete(action: argparse.Action, completer: Callable[..., list[str]]) -> None:
    action.completer = completer  # type: ignore[attr-defined] # argcomplete looks for this attribute


def _flow_run(options: argparse.Namespace) -> int:
    _prepare()
    from elasticio_runner import flow_run  # noqa: PLC0415 (`elasticio --help` does not need it)

    settings = flow_run.RunArguments(
        broker=options.broker,
        state=options.state,
        port=options.port,
        public_url=options.public_url,
        is_json=options.json,
        is_verbose=options.verbose,
        is_quiet=options.quiet,
    )
    try:
        return flow_run.run(options.file, settings)
    except ElasticioError as error:
        return _failed(error)


def _flow_check(options: argparse.Namespace) -> int:
    _prepare()
    from elasticio_runner import flow_check  # noqa: PLC0415 (as above)

    try:
        return 0 if flow_check.check(options.files, os.environ, is_json=options.json) else 1
    except ElasticioError as error:
        return _failed(error)


def _exec(options: argparse.Namespace) -> int:
    _prepare()
    if options.verify and options.function:
        options.parser.error("--verify checks the credentials of the component; omit FUNCTION")
    if options.select is not None and not options.select:
        options.parser.error("argument --select: name a field")
    if not options.function and not options.verify and not options.select:
        options.parser.error("the following arguments are required: FUNCTION")
    try:
        is_well = _service(options) if options.verify or options.metadata or options.select else _function(options)
    except ElasticioError as error:
        return _exec_failed(error, options)
    return 0 if is_well else 1


def _function(options: argparse.Namespace) -> bool:
    from elasticio_runner.exec import Call, run_and_print  # noqa: PLC0415 (as above)

    call = Call(
        options.function,
        options.component,
        options.body,
        arguments.merged(options.config),
        options.snapshot,
        tuple(options.file),
        options.sample,
        options.verbose,
    )
    return run_and_print(call, os.environ, options.save)


def _service(options: argparse.Namespace) -> bool:
    from elasticio_runner import exec_service  # noqa: PLC0415 (as above)

    method = exec_service.VERIFY if options.verify else exec_service.METADATA
    call = exec_service.ServiceCall(
        exec_service.SELECT if options.select else method,
        options.component,
        options.function,
        options.select or "",
        arguments.merged(options.config),
        options.verbose,
    )
    return exec_service.run_and_print(call, os.environ)


def _exec_failed(error: ElasticioError, options: argparse.Namespace) -> int:
    from elasticio_runner.errors import AbandonedError  # noqa: PLC0415 (as above)
    from elasticio_runner.tracebacks import traceback_of  # noqa: PLC0415 (as above)

    if options.verbose and error.__cause__:
        _write(traceback_of(error.__cause__, options.component))
    code = _failed(error)
    if isinstance(error, AbandonedError):
        os._exit(code)  # a running thread of the component would keep the process alive
    return code


def _failed(error: ElasticioError) -> int:
    """Print an error of the runner, the SDK or a component; returns the exit code."""
    _write(str(error))
    return 1


def _write(text: str) -> None:
    """Write a text to standard error without control characters."""
    with suppress(OSError, ValueError, AttributeError):  # standard error is closed, full or missing
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()


def _prepare() -> None:
    """End at once on Ctrl-C until a command handles it. A closed standard error becomes one that drops its text."""
    signal.signal(signal.SIGINT, _interrupted)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the rest of the process)


def _interrupted(_number: int, _frame: object) -> None:
    """End at once: a component's thread cannot be stopped."""
    with suppress(OSError, ValueError, AttributeError, RuntimeError):  # RuntimeError: the signal interrupted a write
        sys.stderr.write("interrupted\n")
    _end_process(INTERRUPTED)
