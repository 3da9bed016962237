"""The command `elasticio new`: its options, and the files that it writes."""

import argparse
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from elasticio import ElasticioError

from elasticio_runner.errors import FlowError
from elasticio_runner.terminal_text import printable


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser of `elasticio new`."""
    parser = commands.add_parser(
        "new",
        help="create a component, empty or from the description of an API",
        description="Create a component that runs, with a test and a Dockerfile. Existing files are never replaced.",
        epilog="exit codes: 0 created, 1 not created, 2 invalid command line",
    )
    parser.add_argument("name", type=_name, metavar="NAME", help="title of the component")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="create an action for each operation of an OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0 description",
    )
    parser.add_argument("--folder", type=Path, metavar="PATH", help="new folder (default: named after NAME)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Create a component and return the exit code."""
    from elasticio_runner.new import api_component, description, greeting_component, naming  # noqa: PLC0415 (slow)

    folder = options.folder or Path(naming.slug(options.name))
    try:
        if options.source is None:
            files = greeting_component.files(options.name)
        else:
            files = api_component.files(options.name, description.read(options.source))
        write(folder, files)
    except ElasticioError as error:
        sys.stderr.write(f"{printable(str(error))}\n")
        return 1
    actions = sum(path.startswith("lib/actions/") and not path.endswith("__init__.py") for path in files)
    number = f"{actions} action" if actions == 1 else f"{actions} actions"
    sys.stdout.write(printable(f"Created {folder} with {number}. Next: read {folder / 'README.md'}.\n"))
    return 0


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write new files below a folder. Raises FlowError if one exists or cannot be written; then none is left."""
    written: list[Path] = []
    try:
        for name in files:
            if (folder / name).exists() or (folder / name).is_symlink():
                raise FlowError(f"{folder / name} exists. Choose another folder: existing files are never replaced.")
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                written.append(path)
                stream.write(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        reason = error.strerror if isinstance(error, OSError) else "the path is invalid"
        raise FlowError(f"{folder}: the component cannot be written ({reason}). Choose another folder.") from error


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not any(letter.isascii() and letter.isalnum() for letter in name) or len(name) > 80 or not name.isprintable():
        raise argparse.ArgumentTypeError(
            "the name must have a letter from A to Z or a digit, at most 80 characters, and no control characters"
        )
    return name
