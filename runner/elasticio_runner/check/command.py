"""The command `elasticio check`: its options, its output and its exit code."""

import argparse
import sys
from pathlib import Path

from elasticio_runner import arguments

EXIT_CODES = "exit codes: 0 no errors, with --strict also no warnings; 1 problems; 2 invalid command line"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parser of `elasticio check`."""
    parser = commands.add_parser(
        "check",
        help="check a component with the rules of the platform",
        description="Check component.json, schemas, modules and forms. Prints one line for each problem: "
        "FILE:LINE: SEVERITY: PLACE: what is wrong. What to do.",
        epilog=f"A warning is a problem with which the component still works. {EXIT_CODES}.",
    )
    parser.add_argument(
        "component",
        type=arguments.folder,
        nargs="?",
        default=Path(),
        metavar="COMPONENT",
        help="folder (default: the current one)",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings, too")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check a component, print its problems, and return the exit code."""
    from elasticio_runner.check.examine import examine  # noqa: PLC0415 (`elasticio --help` does not need it)

    report = examine(options.component)
    errors = sum(finding.severity == "error" for finding in report.findings)
    warnings = len(report.findings) - errors
    for text in report.texts():
        sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    sys.stderr.write(f"{_number(errors, 'error')}, {_number(warnings, 'warning')}\n")
    return 1 if errors or (options.strict and warnings) else 0


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
