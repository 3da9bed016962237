"""The options of a send, read from the form and checked. `send_form` declares the fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from lib.callfire import form, phone_numbers
from lib.callfire.api.errors import InvalidSettings
from lib.callfire.form import Config
from lib.callfire.operation.emit_behavior import ALL, INDIVIDUALLY
from lib.callfire.operation.error_policy import error_policy

ATTRIBUTES, COMPARE, OFF = "attributes", "compare", "off"
IN_DOUBT, ALWAYS = "inDoubt", "always"
SEND, FAIL = "send", "fail"
SKIP = "skip"
NORMALIZE, AS_GIVEN = "normalize", "asGiven"
ACCOUNT, UNIVERSAL, BOTH = "account", "universal", "both"
WAIT, AGAIN = "wait", "again"
DEFAULT_SETTLE_TIME, DEFAULT_WAIT_LIMIT, DEFAULT_TRACK_LIMIT = 120.0, 30.0, 60.0  # seconds
LONGEST_SETTLE_TIME, LONGEST_WAIT_LIMIT, LONGEST_TRACK_LIMIT = 86_400, 600, 3600

_QUIET_HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*", re.ASCII)


@dataclass(frozen=True)
class SendOptions:
    """The values of the form. Times are in seconds; 0 means no limit."""

    idempotency: bool
    search_always: bool
    fails_if_not_found: bool
    settle_time: float
    wait_limit: float
    error_policy: str
    batch_size: int = 1
    skips_duplicates: bool = False
    normalizes: bool = True
    region: str = "US"
    do_not_contact: str = OFF
    quiet_hours: tuple[time, time] | None = None
    assumed_zones: tuple[str, ...] = ()
    max_segments: int = 0
    max_segments_per_run: int = 0
    credits_per_segment: float = 0.0
    track: str = OFF
    track_limit: float = DEFAULT_TRACK_LIMIT
    individually: bool = False

    @classmethod
    def read(cls, config: Config, largest_batch: int) -> "SendOptions":
        """Read a step's configuration. Raises `InvalidSettings`, which names the invalid field."""
        return cls(
            idempotency=form.choice(config, "idempotency", ATTRIBUTES, (ATTRIBUTES, OFF)) != OFF,
            search_always=form.choice(config, "lookFirst", IN_DOUBT, (IN_DOUBT, ALWAYS)) == ALWAYS,
            **_when_unknown(config),
            batch_size=form.whole(config, "batchSize", largest_batch, 1, largest_batch),
            skips_duplicates=form.choice(config, "duplicates", SKIP, (SKIP, SEND)) == SKIP,
            normalizes=form.choice(config, "numbers", NORMALIZE, (NORMALIZE, AS_GIVEN)) == NORMALIZE,
            region=_region(config),
            do_not_contact=form.choice(config, "doNotContact", OFF, (OFF, ACCOUNT, UNIVERSAL, BOTH)),
            quiet_hours=_quiet_hours(config),
            assumed_zones=_time_zone(config, "unknownTimeZone"),
            max_segments=form.whole(config, "maxSegments", 0, 0, 1000),
            max_segments_per_run=form.whole(config, "maxSegmentsPerRun", 0, 0, 10_000_000),
            credits_per_segment=_credits(config),
            track=form.choice(config, "trackOutcome", OFF, (OFF, WAIT, AGAIN)),
            track_limit=form.seconds(config, "trackLimit", DEFAULT_TRACK_LIMIT, LONGEST_TRACK_LIMIT),
            individually=form.choice(config, "emitBehavior", ALL, (ALL, INDIVIDUALLY)) == INDIVIDUALLY,
        )

    @classmethod
    def read_for_order(cls, config: Config) -> "SendOptions":
        """Read the fields of an order's form. Raises `InvalidSettings`."""
        compares = form.choice(config, "idempotency", COMPARE, (COMPARE, OFF)) == COMPARE
        return cls(idempotency=compares, search_always=False, **_when_unknown(config))

    @property
    def checks_compliance(self) -> bool:
        """Whether the form selects compliance checks."""
        return self.do_not_contact != OFF or self.quiet_hours is not None


def _when_unknown(config: Config) -> dict[str, Any]:
    """Read the fields for unknown outcomes."""
    return {
        "fails_if_not_found": form.choice(config, "whenNotFound", SEND, (SEND, FAIL)) == FAIL,
        "settle_time": form.seconds(config, "settleTime", DEFAULT_SETTLE_TIME, LONGEST_SETTLE_TIME),
        "wait_limit": form.seconds(config, "waitLimit", DEFAULT_WAIT_LIMIT, LONGEST_WAIT_LIMIT),
        "error_policy": error_policy(config),
    }


def _region(config: Config) -> str:
    if form.is_empty(config, "defaultRegion"):
        return "US"  # without libphonenumber's tables, which are slow to load and rarely needed
    region = str(config["defaultRegion"]).strip().upper()
    if not phone_numbers.is_region(region):
        raise InvalidSettings("defaultRegion: must be a two-letter country code, e.g. US or CA.")
    return region


def _quiet_hours(config: Config) -> tuple[time, time] | None:
    if form.is_empty(config, "quietHours"):
        return None
    found = _QUIET_HOURS.fullmatch(str(config["quietHours"]))
    try:
        if found is None:
            raise ValueError
        hours = [int(part) for part in found.groups()]
        begin, end = time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError as error:
        raise InvalidSettings("quietHours: must be two times of day, e.g. 21:00-08:00.") from error
    if begin == end:
        raise InvalidSettings("quietHours: the two times must be different.")
    return begin, end


def _time_zone(config: Config, name: str) -> tuple[str, ...]:
    if form.is_empty(config, name):
        return ()
    from zoneinfo import ZoneInfo  # noqa: PLC0415 (slow to load: only if the form has a time zone)

    zone = str(config[name]).strip()
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidSettings(f"{name}: must be a time zone of the IANA database, e.g. America/New_York.") from error
    return (zone,)


def _credits(config: Mapping[str, Any]) -> float:
    if form.is_empty(config, "creditsPerSegment"):
        return 0.0
    number = form.number_of(config["creditsPerSegment"])
    if number is None:
        raise InvalidSettings("creditsPerSegment: must be a number. Leave it empty for no estimate.")
    if not 0 <= number < 1_000_000:
        raise InvalidSettings("creditsPerSegment: must be from 0 to 1,000,000.")
    return number
