"""The trigger for recordings: each recording of a finished call once, with its MP3 file as an attachment.

CallFire has no list of recordings. The trigger lists calls and takes the recordings out of their records. An unfinished
call, and a recording that CallFire still processes, extend the lookback window.

CallFire's API description declares recordings in the records of calls, but not that its lists contain them. The form
therefore offers one more request per call.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from elasticio import Step

from lib.callfire import clock, form
from lib.callfire.api.client import Client
from lib.callfire.api.errors import CallFireError, NotAuthenticated, NotFound, RateLimited, Temporary
from lib.callfire.files.downloads import DownloadOperation
from lib.callfire.form import Config, FormField
from lib.callfire.operation.operation import Operation
from lib.callfire.polling.item_kinds import (
    CALLS,
    ItemKind,
    UnreadableItemError,
    created,
    first_end,
    milliseconds,
    number_of,
    records_of,
)
from lib.callfire.polling.item_list import ItemList, ItemSource
from lib.callfire.polling.polling_run import PATIENCE
from lib.callfire.polling.polling_trigger import PollingTrigger, checked_filters

PROCESSING, FAILED = "RECORDING", "ERROR"
BOTH, INBOUND, OUTBOUND = "both", "inbound", "outbound"
DIRECTION: FormField = form.select(
    "Direction",
    "Only recordings of calls in this direction.",
    {BOTH: "All calls", INBOUND: "Inbound calls", OUTBOUND: "Outbound calls"},
    order=185,
)
LIST, EACH = "list", "each"
LOOKUP: FormField = form.select(
    "Find Recordings",
    "One request per call: select this if the list of calls contains no recordings. Each run then requests the "
    "recordings of each answered call in the lookback window.",
    {LIST: "In the list of calls", EACH: "With one request per call"},
    order=40,
)
MOST_SAMPLES = 20  # requests for the recordings of single calls
# Results of attempts without a conversation. All other results may have a recording, also those CallFire may add.
_UNANSWERED = frozenset(
    ("BUSY", "NO_ANS", "DNC", "UNDIALED", "POSTPONED", "SKIPPED", "INTERNAL_ERROR", "CARRIER_ERROR")
) | {"CARRIER_TEMP_ERROR"}
_SHARED = ("fromNumber", "toNumber", "inbound", "campaignId")
_ENDED = "ended"


def _ended(body: Mapping[str, Any]) -> int | None:
    """Return the end of the attempt with the recording (Unix milliseconds)."""
    return created({"created": body.get(_ENDED)})


RECORDINGS = ItemKind(
    "CallRecording",
    "result",
    _ended,
    "call recording",
    sample="Make a recorded call",
    inbound=None,
    open=(PROCESSING,),
)


@dataclass(frozen=True)
class RecordingsTrigger(PollingTrigger):
    """A trigger for recordings.

    operation   lists calls
    recordings  lists the recordings of one call
    download    downloads the MP3 file of a recording
    """

    recordings: Operation = field(kw_only=True)
    download: DownloadOperation = field(kw_only=True)

    def source(self, client: Client, config: Config, size: int) -> ItemSource:
        """Return the recordings of the calls that the form selects. Raises `InvalidSettings`."""
        direction = form.choice(config, "direction", BOTH, (BOTH, INBOUND, OUTBOUND))
        inbound = None if direction == BOTH else direction == INBOUND
        fixed = {} if inbound is None else {"inbound": inbound}
        filters = checked_filters(self.operation, self.filters, config, **fixed)
        calls = ItemList(self.operation, client, filters, size, inbound)
        recordings = CallRecordings(client, self.recordings)
        return RecordingList(calls, recordings, asks=form.choice(config, "lookup", LIST, (LIST, EACH)) == EACH)

    def body(self, step: Step, source: ItemSource, item: Mapping[str, Any], files: dict[str, Any]) -> dict[str, Any]:
        """Return the recording with its file, or with the reason why it has none.

        Raises `Temporary` or `NotAuthenticated`: the next run downloads the file. After a day of failures, the
        recording is emitted without its file, so that it does not delay the others.
        """
        recording = {name: value for name, value in item.items() if name != _ENDED}
        if recording.get("state") == FAILED:
            return {**recording, "fileError": "CallFire reports that the recording failed (state ERROR)."}
        try:
            stored, attached = self.download.stored(step, source.client, {"id": recording["id"]})
        except CallFireError as error:
            is_recent = clock.unix_ms() - (_ended(item) or 0) < PATIENCE
            is_of_all = isinstance(error, NotAuthenticated | RateLimited)  # not of this file
            if is_of_all or (isinstance(error, Temporary) and is_recent):
                raise
            step.logger.warning("Emitted a recording without its file: id=%s, reason=%s", recording["id"], error)
            return {**recording, "fileError": str(error)}
        files.update(attached)
        return {**recording, **stored, "id": recording["id"]}


@dataclass(frozen=True)
class CallRecordings:
    """The recordings of single calls. `operation` lists the recordings of one call."""

    client: Client
    operation: Operation

    def added_to(self, call: Any) -> Any:
        """Return the call with its recordings. A call that has recordings, or cannot have any, is returned unchanged.

        Raises a `CallFireError`.
        """
        if not may_have_recordings(call) or _has_recordings(call):
            return call
        try:
            answer = self.client.call(self.operation.request({"id": number_of(call)})).value
        except NotFound:  # deleted meanwhile
            return call
        items = answer.get("items") if isinstance(answer, Mapping) else answer
        listed = items if isinstance(items, list) else []
        found = [{"finishTime": _end_of_attempt(call, one), "recordings": [one]} for one in listed]
        return {**call, "records": found} if found else call


class RecordingList:
    """An `ItemSource` with the recordings in a list of calls. `asks`: with one more request for each call."""

    def __init__(self, calls: ItemList, recordings: CallRecordings, *, asks: bool) -> None:
        self.client = calls.client
        self._calls = calls
        self._recordings = recordings
        self._asks = asks

    @property
    def server_time(self) -> int | None:
        """CallFire's time (Unix milliseconds) from the first response that contains it."""
        return self._calls.server_time

    def pages(self, begin: int, start: int) -> Iterator[list[Any]]:
        """Yield the recordings of each page of calls."""
        for page in self._calls.pages(begin, start):
            calls = map(self._recordings.added_to, page) if self._asks else page
            yield [recording for call in calls for recording in recordings_of(call)]

    def page(self, limit: int, begin: int | None) -> list[Any]:
        """Return the recordings of the first 100 calls, at most `limit`.

        Raises `CallFireError` if only requests for single calls return recordings, and the form does not select them.
        """
        calls = self._calls.page(100, begin)
        found = _ready(calls)
        if found:
            return found[:limit]
        asked = [call for call in calls if may_have_recordings(call)][:MOST_SAMPLES]
        found = _ready(map(self._recordings.added_to, asked))
        if found and not self._asks:
            raise CallFireError(
                "No sample available: the list of calls contains no recordings, but CallFire returns recordings for a "
                'single call. Select "Find Recordings: With one request per call" in the form.'
            )
        return found[:limit]


def _ready(calls: Iterable[Any]) -> list[Any]:
    """Return the readable recordings of calls that CallFire has processed."""
    found = [recording for call in calls for recording in recordings_of(call) if isinstance(recording, Mapping)]
    return [recording for recording in found if RECORDINGS.is_complete(recording) and _is_readable(recording, _ENDED)]


def may_have_recordings(call: Any) -> bool:
    """Return whether a call is finished and may have been answered. An unreadable call has no recordings."""
    if not (isinstance(call, Mapping) and _is_readable(call) and call.get("state") in (None, "FINISHED")):
        return False
    results = {str(call.get(CALLS.result) or ""), *(str(_result(record)) for record in records_of(call))} - {""}
    return call.get("inbound") is True or not results or not results <= _UNANSWERED


def _result(record: Mapping[str, Any]) -> Any:
    return record.get("result") or record.get("callResult") or ""


def _has_recordings(call: Mapping[str, Any]) -> bool:
    return any(record.get("recordings") for record in records_of(call))


def _is_readable(item: Mapping[str, Any], time: str = "created") -> bool:
    try:
        number_of(item)
        milliseconds(item, time)
    except UnreadableItemError:
        return False
    return True


def _end_of_attempt(call: Mapping[str, Any], recording: Any) -> Any:
    """Return the end of the attempt in which a recording was made; None if it is unknown."""
    made, ends = 0, []
    with suppress(UnreadableItemError):
        made = (created(recording) if isinstance(recording, Mapping) else None) or 0
    for record in records_of(call):
        with suppress(UnreadableItemError):
            end = milliseconds(record, "finishTime")
            ends += [] if end is None else [end]
    return min((end for end in ends if end >= made), default=max(ends, default=None))


def recordings_of(call: Any) -> Iterator[Any]:
    """Yield the recordings of a call, each with the end of its attempt. Unreadable items are yielded unchanged.

    An unfinished call yields an item in process, because it may still get recordings.
    """
    if not isinstance(call, Mapping):
        yield call
        return
    shared = {name: call[name] for name in _SHARED if call.get(name) is not None}
    shared |= {} if call.get("id") is None else {"callId": call["id"]}
    for record in records_of(call):
        listed = record.get("recordings")
        for recording in listed if isinstance(listed, list) else []:
            if isinstance(recording, Mapping):
                yield {**shared, **recording, _ENDED: record.get("finishTime") or recording.get("created")}
            else:
                yield recording
    if not CALLS.is_complete(call):
        try:
            yield {"id": call.get("id"), "state": PROCESSING, _ENDED: first_end(call)}
        except UnreadableItemError:
            yield {"id": call.get("id"), "state": PROCESSING, _ENDED: call.get("created")}
