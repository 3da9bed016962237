"""Statistics of a broadcast, counted from its texts or calls."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from callfire_sandbox.world.query import Record

ERRORS = ("INTERNAL_ERROR", "CARRIER_ERROR", "CARRIER_TEMP_ERROR")


def _billed(actions: Iterable[Record]) -> float:
    return float(sum(record["billedAmount"] for action in actions for record in action["records"]))


def text_stats(texts: list[Record]) -> dict[str, Any]:
    """Return counts of texts by result. The misspelled name recievedCount is CallFire's."""
    results = Counter(text.get("finalTextResult") for text in texts)
    remaining = sum(text["state"] in ("READY", "SELECTED") for text in texts)
    return {
        "totalOutboundCount": len(texts),
        "remainingOutboundCount": remaining,
        "sentCount": results["SENT"],
        "unsentCount": len(texts) - remaining - results["SENT"] - results["RECEIVED"],
        "recievedCount": results["RECEIVED"],
        "doNotTextCount": results["DNT"],
        "tooBigCount": results["TOO_BIG"],
        "errorCount": sum(results[error] for error in ERRORS),
        "billedAmount": _billed(texts),
    }


def call_stats(calls: list[Record]) -> dict[str, Any]:
    """Return counts of calls by result. Durations are in seconds."""
    results = Counter(call.get("finalCallResult") for call in calls)
    remaining = sum(call["state"] in ("READY", "SELECTED") for call in calls)
    placed = sum(call["state"] == "FINISHED" for call in calls)
    talked = sum(record.get("duration", 0) for call in calls for record in call["records"])
    live = results["LA"] + results["XFER"]
    return {
        "totalCount": len(calls),
        "totalOutboundCount": len(calls),
        "remainingOutboundCount": remaining,
        "callsRemaining": remaining,
        "callsAwaitingRedial": 0,
        "callsAttempted": placed,
        "callsPlaced": placed,
        "dialedCount": placed,
        "callsLiveAnswer": live,
        "liveCount": live,
        "answeringMachineCount": results["AM"],
        "busyCount": results["BUSY"],
        "noAnswerCount": results["NO_ANS"],
        "transferCount": results["XFER"],
        "doNotCallCount": results["DNC"],
        "errorCount": sum(results[error] for error in ERRORS),
        "miscCount": results["SD"] + results["POSTPONED"] + results["ABANDONED"] + results["SKIPPED"],
        "callsDuration": talked,
        "billedDuration": 60 * sum(bool(record.get("duration")) for call in calls for record in call["records"]),
        "billedAmount": _billed(calls),
        "responseRatePercent": 100 * live // placed if placed else 0,
    }
