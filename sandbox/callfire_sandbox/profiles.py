"""Profiles: named values of all switches, and files with values that a calibration found."""

import json
from pathlib import Path
from typing import Any

from callfire_sandbox.switches import PROFILES, Switches


def read_profile(name: str) -> Switches:
    """Return the profile with that name, or the one in a JSON file {profile, switches}. Raises ValueError."""
    if name in PROFILES:
        return PROFILES[name]
    try:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
        base, values = content.get("profile", "kind"), content["switches"]
    except OSError as error:
        raise ValueError(f"profile: {name!r} is not {' or '.join(PROFILES)} and not a readable file.") from error
    except (ValueError, KeyError, AttributeError) as error:
        raise ValueError(f'profile: {name!r} is not a profile. Use JSON such as {{"switches": {{}}}}.') from error
    if base not in PROFILES or not isinstance(values, dict):
        raise ValueError(f"profile: {name!r} must name {' or '.join(PROFILES)} as profile and have switches.")
    return PROFILES[base].changed(values)


def profile_text(base: str, values: dict[str, Any]) -> str:
    """Return a profile file: the values, on top of a named profile."""
    return json.dumps({"profile": base if base in PROFILES else "kind", "switches": values}, indent=2) + "\n"
