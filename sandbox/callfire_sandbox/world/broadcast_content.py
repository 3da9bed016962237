"""The content of broadcasts: defaults, sounds from texts, schedules, and what they need to start."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world import audio
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World
from callfire_sandbox.world.uploads import add_sound

MAX_ACTIVE = 100
"""Recipients in flight at the same time if the broadcast has no maxActive."""
COMMON_DEFAULTS: Record = {
    "localTimeRestriction": {"enabled": False},
    "retryConfig": {
        "maxAttempts": 1,
        "minutesBetweenAttempts": 60,
        "retryResults": [],
        "retryPhoneTypes": ["FIRST_NUMBER"],
    },
    "maxActive": MAX_ACTIVE,
    "resumeNextDay": False,
}
TEXT_DEFAULTS: Record = {**COMMON_DEFAULTS, "bigMessageStrategy": "SEND_MULTIPLE"}
CALL_DEFAULTS: Record = {**COMMON_DEFAULTS, "answeringMachineConfig": "AM_AND_LIVE", "maxActiveTransfers": 1}
SPOKEN = ("live", "machine", "transfer", "dnc")
PLAYED = ("liveSoundId", "liveSoundText", "machineSoundId", "machineSoundText")
DEFAULT_ZONE = "America/Los_Angeles"


def check_sounds(world: World, says: dict[str, Any]) -> None:
    """Raise BadRequestError if a sound id does not exist."""
    for name, value in says.items():
        if name.endswith("SoundId") and world["sounds"].get(value) is None:
            raise BadRequestError(f"{name}: there is no sound with id {value}.")


def add_spoken_sounds(world: World, sounds: dict[str, Any]) -> dict[str, Any]:
    """Return the sounds of a call broadcast with an id for each text, which text-to-speech makes a sound of."""
    made = dict(sounds)
    for name in SPOKEN:
        text = sounds.get(f"{name}SoundText")
        if text and f"{name}SoundId" not in sounds:
            data = audio.wav(audio.spoken_seconds(text[: audio.MAX_SPEECH]))
            made[f"{name}SoundId"] = add_sound(world, text[:50], data, listed=False)["id"]
    return made


def with_schedule_ids(world: World, broadcast: Record) -> list[Record]:
    """Return the schedules of a broadcast, each with its ids. Raises BadRequestError for an invalid schedule."""
    schedules = broadcast.get("schedules", [])
    until_scheduled(world, broadcast)
    return [{**entry, "id": world.new_id(), "campaignId": broadcast["id"]} for entry in schedules]


def until_scheduled(world: World, broadcast: Record) -> int:
    """Return the milliseconds until the first schedule begins; 0 without a schedule or after its begin."""
    begins = [_begin(schedule) for schedule in broadcast.get("schedules", ()) if "startDate" in schedule]
    return max(0, min(begins) - world.clock.now()) if begins else 0


def _begin(schedule: Record) -> int:
    day, time = schedule["startDate"], schedule.get("startTimeOfDay", {})
    try:
        zone = ZoneInfo(schedule.get("timeZone", DEFAULT_ZONE))
        moment = datetime(
            day["year"], day["month"], day["day"], time.get("hour", 0), time.get("minute", 0), tzinfo=zone
        )
        return int(moment.timestamp() * 1000)
    except (KeyError, ValueError, OSError, OverflowError) as error:  # OSError: the name of a folder of zones
        raise BadRequestError(
            "schedules: a start date, time or time zone is not valid. Use year, month and day, and an IANA time zone."
        ) from error


def speaks(broadcast: Record) -> bool:
    """Return whether a call broadcast has something to play."""
    sounds = broadcast.get("sounds", {})
    return bool(broadcast.get("dialplanXml") or any(sounds.get(name) for name in PLAYED))


def has_text(text: Record) -> bool:
    """Return whether a text or a text broadcast has a message or media."""
    return bool(text.get("message") or text.get("media"))
