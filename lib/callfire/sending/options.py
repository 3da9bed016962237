"""The form of a send: its fields as the designer shows them, and what was chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from lib.callfire import form
from lib.callfire.api.errors import InvalidSettings
from lib.callfire.form import FormField
from lib.callfire.operation.emit_behavior import ALL, INDIVIDUALLY
from lib.callfire.operation.error_policy import error_policy
from lib.callfire.sending import numbers
from lib.callfire.sending.channel import TEXTS, Channel

ATTRIBUTES, COMPARE, OFF = "attributes", "compare", "off"
IN_DOUBT, ALWAYS = "inDoubt", "always"
SEND, FAIL = "send", "fail"
ACCOUNT, UNIVERSAL, BOTH = "account", "universal", "both"
WAIT, AGAIN = "wait", "again"
SETTLE, WAITING, TRACKING = 120.0, 30.0, 60.0

_QUIET = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*", re.ASCII)


@dataclass(frozen=True)
class Options:
    """What the form says. Times are seconds; limits of 0 are none."""

    idempotency: bool
    look_always: bool
    fails_when_absent: bool
    settle: float
    waiting: float
    batch: int
    normalize: bool
    region: str
    do_not_contact: str
    quiet: tuple[time, time] | None
    most_segments: int
    most_segments_a_run: int
    credits_a_segment: float
    track: str
    tracking: float
    individually: bool
    error_policy: str

    @classmethod
    def read(cls, config: Mapping[str, Any], channel: Channel) -> "Options":
        """Read a step's configuration; `InvalidSettings` names the field that is wrong."""
        return cls(
            idempotency=form.choice(config, "idempotency", ATTRIBUTES, (ATTRIBUTES, OFF)) != OFF,
            look_always=form.choice(config, "lookFirst", IN_DOUBT, (IN_DOUBT, ALWAYS)) == ALWAYS,
            fails_when_absent=form.choice(config, "whenNotFound", SEND, (SEND, FAIL)) == FAIL,
            settle=form.seconds(config, "settleTime", SETTLE, 86_400),
            waiting=form.seconds(config, "waitLimit", WAITING, 600),
            batch=form.whole(config, "batchSize", channel.most, 1, channel.most),
            normalize=form.choice(config, "numbers", "normalize", ("normalize", "asGiven")) == "normalize",
            region=_region(config.get("defaultRegion")),
            do_not_contact=form.choice(config, "doNotContact", OFF, (OFF, ACCOUNT, UNIVERSAL, BOTH)),
            quiet=_quiet(config.get("quietHours")),
            most_segments=form.whole(config, "maxSegments", 0, 0, 1000),
            most_segments_a_run=form.whole(config, "maxSegmentsPerRun", 0, 0, 10_000_000),
            credits_a_segment=_credits(config.get("creditsPerSegment")),
            track=form.choice(config, "trackOutcome", OFF, (OFF, WAIT, AGAIN)),
            tracking=form.seconds(config, "trackLimit", TRACKING, 3600),
            individually=form.choice(config, "emitBehavior", ALL, (ALL, INDIVIDUALLY)) == INDIVIDUALLY,
            error_policy=error_policy(config),
        )

    @classmethod
    def for_order(cls, config: Mapping[str, Any], *, compares: bool) -> "Options":
        """Read what an order's form has of it."""
        names = ("settleTime", "waitLimit", "whenNotFound", "errorPolicy")
        own = {name: config.get(name) for name in names}
        return cls.read({**own, "idempotency": ATTRIBUTES if compares else OFF}, TEXTS)


def _region(value: Any) -> str:
    if value is None or value == "":
        return "US"  # without a look into the tables, which are slow to load and mostly not needed
    region = str(value).strip().upper()
    if not numbers.is_region(region):
        raise InvalidSettings("defaultRegion: give a country's two letters, e.g. US or CA")
    return region


def _quiet(value: Any) -> tuple[time, time] | None:
    if value is None or value == "":
        return None
    found = _QUIET.fullmatch(str(value))
    try:
        if found is None:
            raise ValueError
        hours = [int(part) for part in found.groups()]
        begin, end = time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError as error:
        raise InvalidSettings("quietHours: give two times of day, e.g. 21:00-08:00") from error
    if begin == end:
        raise InvalidSettings("quietHours: the two times must differ")
    return begin, end


def _credits(value: Any) -> float:
    if value is None or value == "":
        return 0.0
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise InvalidSettings("creditsPerSegment: give a number, or leave it empty") from error
    if not 0 <= number < 1_000_000:
        raise InvalidSettings("creditsPerSegment: give a number from 0")
    return number


def _select(label: str, order: int, note: str, model: Mapping[str, str]) -> FormField:
    prompt = next(iter(model.values()))
    field = {"viewClass": "SelectView", "label": label, "required": False, "order": order}
    return {**field, "model": dict(model), "prompt": prompt, "note": note}


def _text(label: str, order: int, placeholder: str, note: str) -> FormField:
    field = {"viewClass": "TextFieldView", "label": label, "required": False, "order": order}
    return {**field, "placeholder": placeholder, "note": note}


def form_fields(channel: Channel) -> dict[str, FormField]:
    """The fields that sends have beside the shared ones."""
    return {
        **_emitting(channel),
        **_never_twice(),
        **_numbers(),
        **_compliance(),
        **(_length() if channel is TEXTS else {}),
        **_tracking(channel),
    }


def _emitting(channel: Channel) -> dict[str, FormField]:
    return {
        "emitBehavior": _select(
            "Emit behavior",
            90,
            "Either way there is a row for each recipient, in the order given.",
            {ALL: "One message with all rows", INDIVIDUALLY: "One message per recipient"},
        ),
        "batchSize": _text(
            "Recipients per request",
            85,
            str(channel.most),
            f"More are split into several requests; {channel.most} if empty, which is the most.",
        ),
    }


def _never_twice() -> dict[str, FormField]:
    return {
        "idempotency": _select(
            "Never send twice",
            78,
            "Each recipient gets a key in its attributes, by which the connector recognises what went out already.",
            {ATTRIBUTES: "With a key in the attributes", OFF: "Off: a message that comes again is sent again"},
        ),
        "lookFirst": _select(
            "Look before sending",
            77,
            "Always: also finds what was sent for a message that somebody retries by hand; it costs one request more "
            "for each recipient.",
            {IN_DOUBT: "When it may have gone out already", ALWAYS: "Always"},
        ),
        "settleTime": _text(
            "Settle time (seconds)",
            76,
            f"{SETTLE:g}",
            "How long after an attempt its result may still appear in CallFire's lists. Before that time is over, "
            f"not finding it proves nothing. {SETTLE:g} if empty.",
        ),
        "whenNotFound": _select(
            "When it is not there after that time",
            75,
            "Fail is for those who would rather have a person look than trust the settle time.",
            {SEND: "It was not done: do it", FAIL: "Fail: outcome unknown"},
        ),
        "waitLimit": _text(
            "Wait limit (seconds)",
            74,
            f"{WAITING:g}",
            f"How long a message is held while that is unclear, before it is put back for later. {WAITING:g} if empty.",
        ),
    }


def order_fields() -> dict[str, FormField]:
    """The fields that orders have beside the shared ones."""
    chosen = _select(
        "Never order twice",
        78,
        "When it may have been ordered already, the account's recent orders are compared. CallFire marks orders with "
        "nothing of ours: an equal order of somebody else at the same time is taken for this one.",
        {COMPARE: "Compare recent orders", OFF: "Off: a message that comes again is ordered again"},
    )
    fields = _never_twice()
    return {"idempotency": chosen, **{name: fields[name] for name in ("settleTime", "whenNotFound", "waitLimit")}}


def _numbers() -> dict[str, FormField]:
    return {
        "numbers": _select(
            "Phone numbers",
            70,
            "What is 11 digits already, and a short code, goes out unchanged in any case.",
            {"normalize": "Bring into CallFire's 11 digits", "asGiven": "Send as given"},
        ),
        "defaultRegion": _text(
            "Country of numbers without country code", 69, "US", "Two letters, e.g. US or CA; US if empty."
        ),
    }


def _compliance() -> dict[str, FormField]:
    return {
        "doNotContact": _select(
            "Skip do-not-contact numbers",
            60,
            "Asked before sending: a request for each hundred numbers (account) and for each number (universal).",
            {
                OFF: "No: leave it to CallFire",
                ACCOUNT: "Those of the account",
                UNIVERSAL: "Those of the universal list",
                BOTH: "Those of both lists",
            },
        ),
        "quietHours": _text(
            "Quiet hours",
            59,
            "21:00-08:00",
            "Recipients are skipped in these hours of their local time, which their area code tells; none if empty. A "
            "number whose time zone is not known is skipped.",
        ),
    }


def _length() -> dict[str, FormField]:
    return {
        "maxSegments": _text(
            "Longest text (segments)", 55, "3", "A longer text is not sent, its row says why; no limit if empty."
        ),
        "maxSegmentsPerRun": _text(
            "Most segments per message", 54, "5000", "More in all, and nothing is sent; no limit if empty."
        ),
        "creditsPerSegment": _text(
            "Credits per segment",
            53,
            "1",
            "Your price, for an estimate in the output: CallFire's API tells none.",
        ),
    }


def _tracking(channel: Channel) -> dict[str, FormField]:
    return {
        "trackOutcome": _select(
            "Track the outcome",
            50,
            f"What each {channel.noun} came to: delivered, failed, retryLater, optedOut; pending if the limit comes "
            "first.",
            {OFF: "No", WAIT: "Wait, then emit", AGAIN: "Emit at once, and again when it is known"},
        ),
        "trackLimit": _text(
            "Tracking limit (seconds)", 49, f"{TRACKING:g}", f"{TRACKING:g} if empty. The step is busy meanwhile."
        ),
    }
