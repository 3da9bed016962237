"""The command `elasticio preview`."""

import argparse
import signal
import sys
import threading

from elasticio import ElasticioError

from elasticio_runner import arguments
from elasticio_runner.terminal_text import printable


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser of `elasticio preview`."""
    parser = commands.add_parser(
        "preview", help="show a component on a local page, as the platform's designer does", description=_DESCRIPTION
    )
    parser.add_argument(
        "component",
        type=arguments.component_folder,
        nargs="?",
        default="",
        metavar="COMPONENT",
        help="folder (default: the current one)",
    )
    parser.add_argument(
        "--port", type=arguments.port, default=0, metavar="N", help="port of the page (default: a free port)"
    )
    parser.add_argument(
        "--config",
        type=arguments.json_object,
        action="append",
        default=[],
        metavar="JSON|@FILE",
        help='initial values of the forms; "${VARIABLE}" refers to the environment; may be repeated',
    )
    parser.set_defaults(command=_preview)


_DESCRIPTION = (
    "Serves a page on this machine until Ctrl-C. It shows the forms, fields and samples of a component, and runs its "
    "functions. Changed files are used at once. The exit code is 0 after Ctrl-C, 1 if the page cannot be served, and 2 "
    "for an invalid command line."
)


def _preview(options: argparse.Namespace) -> int:
    from elasticio_runner.preview.server import PreviewServer  # noqa: PLC0415 (`elasticio --help` does not need it)

    try:
        server = PreviewServer(options.component, arguments.merged(options.config), options.port)
    except ElasticioError as error:
        sys.stderr.write(f"{printable(str(error))}\n")
        return 1
    interrupted = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    server.start()
    try:
        sys.stdout.write(f"Preview of {printable(str(server.root))}: {server.uri}\nPress Ctrl-C to stop.\n")
        sys.stdout.flush()
        interrupted.wait()
    finally:
        server.stop()
    return 0
