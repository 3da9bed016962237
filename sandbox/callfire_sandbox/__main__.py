"""The command `callfire-sandbox`: run a simulated CallFire on this machine until Ctrl-C."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from callfire_sandbox.calibration.command import main as calibrate
from callfire_sandbox.profiles import read_profile
from callfire_sandbox.server import ACCOUNT_PASSWORD, ACCOUNT_USERNAME, PASSWORD, USERNAME, Options, Server
from callfire_sandbox.switches import Switches

EXAMPLE = '{"effect": "status", "operation": "sendTexts", "probability": 0.1}'


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="callfire-sandbox", description="Run a local simulation of the CallFire API.")
    add = made.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    add("--allowed-host", action="append", default=[], metavar="NAME", help="accept this Host name; may be repeated")
    add("--port", type=int, default=0, help="port to listen on (default: a free one)")
    add("--data", type=Path, metavar="FILE", help="SQLite file for the state (default: in memory only)")
    add("--profile", metavar="PROFILE", help="kind, harsh or a file that calibrate wrote (default: kind)")
    add("--switch", action="append", default=[], metavar="NAME=VALUE", help="set one switch; may be repeated")
    add("--account", action="append", default=[], metavar="NAME", help="add an account; may be repeated")
    add("--fault", action="append", default=[], metavar="JSON", help="add a fault; may be repeated")
    add("--seed", type=int, default=0, help="seed of everything random")
    add("--username", default=USERNAME, help="user name of the API credentials")
    add("--password", default=PASSWORD, help="password of the API credentials")
    add(
        "--account-username",
        default=ACCOUNT_USERNAME,
        help="user name of the account login, for API credentials",
    )
    add("--account-password", default=ACCOUNT_PASSWORD, help="password of the account login")
    return made


def switches(profile: str | None, settings: list[str]) -> Switches | None:
    """Return a profile with some switches changed, or None without any option. Raises ValueError."""
    if profile is None and not settings:
        return None
    for setting in settings:
        if "=" not in setting:
            raise ValueError(f"--switch {setting!r}: use NAME=VALUE.")
    return read_profile(profile or "kind").changed(dict(setting.split("=", 1) for setting in settings))


def faults(given: list[str]) -> list[dict[str, Any]]:
    """Return faults from JSON. Raises ValueError."""
    found = []
    for text in given:
        try:
            fault = json.loads(text)
        except ValueError as error:
            raise ValueError(f"--fault {text!r}: this is not JSON. Use an object such as {EXAMPLE}.") from error
        if not isinstance(fault, dict):
            raise ValueError(f"--fault {text!r}: use an object such as {EXAMPLE}.")
        found.append(fault)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command. Its first argument may be `calibrate`."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["calibrate"]:
        calibrate(arguments[1:])
        return
    line = parser()
    given = vars(line.parse_args(arguments))
    try:
        options = Options(
            switches=switches(given.pop("profile"), given.pop("switch")),
            faults=faults(given.pop("fault")),
            accounts=given.pop("account"),
            allowed_hosts=given.pop("allowed_host"),
            **given,
        )
        server = Server(options)
    except (ValueError, OSError) as error:
        line.error(str(error))
    login = " / ".join(server.login("api"))
    sys.stdout.write(f"CallFire sandbox at {server.root}/v2, login {login}; web page: {server.root}/\n")
    sys.stdout.flush()
    server.serve_here()


if __name__ == "__main__":
    main()
