"""Fields that calls and texts have in common, and fields that call and text broadcasts have in common."""

from lib.callfire.models.values import BROADCAST_STATUSES, STATES
from lib.callfire.operation.fields import (
    Field,
    boolean,
    integer,
    model,
    models,
    moment,
    number,
    phone_as_given,
    string_map,
    text,
    texts,
)

ATTRIBUTES = "Custom values, e.g. an order number. CallFire returns them with the {noun}."


def numbers_of(noun: str, *, form: str) -> tuple[Field, ...]:
    """Return the ID, the two numbers and the direction of a call or text; `form` describes a number."""
    return (
        integer("id", f"ID of the {noun}."),
        text("fromNumber", f"Number of the sender: {form}, e.g. 12132000384."),
        text("toNumber", f"Number of the recipient: {form}."),
        boolean("inbound", "true: received by the account. false: sent by the account."),
    )


def progress_of(noun: str, result: str, about: str, results: tuple[str, ...]) -> tuple[Field, ...]:
    """Return state, final result and origin of a call or text; `result` is CallFire's name of the final result."""
    return (
        text(
            "state",
            "Progress. FINISHED is final; READY and SELECTED wait for processing.",
            choices=STATES,
            answered=True,
        ),
        text(result, about, choices=results, answered=True, label="Final Result"),
        integer("campaignId", f"Broadcast of the {noun}.", answered=True),
        integer("batchId", f"Batch of recipients of the {noun}.", answered=True),
        model("contact", "Contact", "Contact of the other party."),
        string_map("attributes", "Custom values of the recipient."),
        texts("labels", f"Labels of the {noun}."),
    )


def times_of(noun: str) -> tuple[Field, ...]:
    """Return the times of a call or text."""
    return (
        moment("created", f"Time at which CallFire accepted the {noun}, in Unix milliseconds.", answered=True),
        moment("modified", "Time of the last change, in Unix milliseconds.", answered=True),
    )


def attempt_of() -> tuple[Field, ...]:
    """Return what each attempt to reach a recipient has."""
    return (
        text("toNumber", "Number of the recipient.", answered=True),
        text("callerName", "Name of the other party according to the carrier.", answered=True),
        number("billedAmount", "Credits charged.", answered=True),
        text("switchId", "ID of the carrier's switch.", answered=True),
        texts("labels", "Labels of the attempt.", answered=True),
        moment("finishTime", "End of the attempt, in Unix milliseconds.", answered=True),
    )


def recipient_of(verb: str, *, contact: str) -> tuple[Field, ...]:
    """Return the number or contact of a recipient; `contact` describes the alternative."""
    return (
        phone_as_given(
            "phoneNumber",
            f"Number to {verb}: 11 digits with country code, e.g. 12132000384. Required without contactId.",
        ),
        integer("contactId", f"{contact} Required without phoneNumber."),
    )


def schedule_of(verb: str) -> tuple[Field, ...]:
    """Return the times at which a broadcast runs."""
    return (
        models("schedules", "Schedule", "Times at which the broadcast runs. Default: it runs when it is started."),
        model(
            "localTimeRestriction",
            "LocalTimeRestriction",
            f"Hours in which CallFire may {verb} recipients, in their local time.",
        ),
    )


def broadcast_status() -> tuple[Field, ...]:
    """Return the last fields of a broadcast: continuation, labels, and what only CallFire sets."""
    return (
        boolean("resumeNextDay", "true: continue with the remaining recipients on the next day."),
        texts("labels", "Labels of the broadcast."),
        integer("id", "ID of the broadcast.", answered=True),
        text("status", "Status of the broadcast.", choices=BROADCAST_STATUSES, answered=True),
        moment("lastModified", "Time of the last change, in Unix milliseconds.", answered=True),
    )
