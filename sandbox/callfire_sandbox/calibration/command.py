"""The command `callfire-sandbox calibrate`: which switch values describe an account."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from callfire_sandbox.calibration.asker import Asker, CalibrationError
from callfire_sandbox.calibration.reading import Values, read_only
from callfire_sandbox.calibration.writing import WRITES, with_writes
from callfire_sandbox.profiles import profile_text, read_profile
from callfire_sandbox.switches import Switches

DEFAULT_SERVER = "https://api.callfire.com/v2"
PASSWORD_VARIABLE = "CALLFIRE_PASSWORD"  # noqa: S105 - the name of a variable


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    created = "; ".join(created for _, created in WRITES)
    made = argparse.ArgumentParser(
        prog="callfire-sandbox calibrate",
        description="Ask an account which switch values describe it. Without --allow-writes it only reads.",
    )
    add = made.add_argument
    add("--server", default=DEFAULT_SERVER, help=f"address of the API (default: {DEFAULT_SERVER})")
    add("--login", required=True, metavar="USERNAME[:PASSWORD]", help=f"API login; password: ${PASSWORD_VARIABLE}")
    add("--allow-writes", action="store_true", help=f"also create {created}".replace("%", "%%"))
    add("--per-second", type=float, default=5.0, metavar="NUMBER", help="maximum requests per second (default: 5)")
    add("--against", default="kind", metavar="PROFILE", help="profile to compare with (default: kind)")
    add("--write", type=Path, metavar="FILE", help="write the values as a profile for callfire-sandbox --profile FILE")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    line = parser()
    options = line.parse_args(arguments)
    username, colon, password = options.login.partition(":")
    password = password if colon else os.environ.get(PASSWORD_VARIABLE, "")
    if options.per_second <= 0:
        line.error("--per-second: use a number greater than 0.")
    try:
        expected = read_profile(options.against)
        found = calibrate(
            Asker(options.server, username, password, options.per_second), allow_writes=options.allow_writes
        )
        for text in report(found, expected):
            sys.stdout.write(f"{text}\n")
        if options.write:
            options.write.write_text(profile_text(options.against, found))
    except (CalibrationError, ValueError, OSError) as error:
        line.error(str(error))


def calibrate(asker: Asker, *, allow_writes: bool = False) -> Values:
    """Return the switch values that the account proves. Raises CalibrationError if the login is refused."""
    account = asker.get("/me/account")
    if not account.ok:
        raise CalibrationError(f"GET /me/account was answered with {account.status}. Check --server and --login.")
    found = read_only(asker)
    if allow_writes:
        found |= with_writes(asker)
    known = Switches().changed(found)  # raises ValueError for a value that no switch has
    return {name: value for name, value in asdict(known).items() if name in found}


def report(found: Values, expected: Switches) -> Iterator[str]:
    """Yield a line for each switch: whether the account matches the profile, differs, or was not determined."""
    compared: dict[str, Any] = asdict(expected)
    width = max(map(len, compared))
    for name, value in compared.items():
        if name not in found:
            verdict = "unknown"
        elif found[name] == value:
            verdict = f"matches   {_shown(value)}"
        else:
            verdict = f"differs   {_shown(found[name])} instead of {_shown(value)}"
        yield f"{name:{width}}  {verdict}"
    differing = sum(found[name] != compared[name] for name in found)
    unknown = len(compared) - len(found)
    yield f"{len(found) - differing} match, {differing} differ, {unknown} unknown"


def _shown(value: Any) -> str:
    return json.dumps(value)
