"""The trigger for recordings: each recording of a finished call once, with its MP3 file as an attachment.

CallFire has no list of recordings. The trigger lists calls and takes the recordings out of their records. An unfinished
call, and a recording that CallFire still processes, extend the lookback window.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticio import Step

from lib.callfire import clock, form
from lib.callfire.api.client import Client
from lib.callfire.api.errors import CallFireError, NotAuthenticated, Temporary
from lib.callfire.files.downloads import DownloadOperation
from lib.callfire.form import Config, FormField
from lib.callfire.polling.item_kinds import CALLS, ItemKind, created, first_end
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
    """A trigger for recordings. `operation` lists calls, `download` downloads the MP3 file of a recording."""

    download: DownloadOperation = field(kw_only=True)

    def source(self, client: Client, config: Config, size: int) -> ItemSource:
        """Return the recordings of the calls that the form selects. Raises `InvalidSettings`."""
        direction = form.choice(config, "direction", BOTH, (BOTH, INBOUND, OUTBOUND))
        inbound = None if direction == BOTH else direction == INBOUND
        fixed = {} if inbound is None else {"inbound": inbound}
        filters = checked_filters(self.operation, self.filters, config, **fixed)
        return RecordingList(ItemList(self.operation, client, filters, size, inbound))

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
            if isinstance(error, NotAuthenticated) or (isinstance(error, Temporary) and is_recent):
                raise
            step.logger.warning("Emitted a recording without its file: id=%s, reason=%s", recording["id"], error)
            return {**recording, "fileError": str(error)}
        files.update(attached)
        return {**recording, **stored, "id": recording["id"]}


class RecordingList:
    """An `ItemSource` with the recordings in a list of calls."""

    def __init__(self, calls: ItemList) -> None:
        self.client = calls.client
        self._calls = calls

    @property
    def server_time(self) -> int | None:
        """CallFire's time (Unix milliseconds) from the first response that contains it."""
        return self._calls.server_time

    def pages(self, begin: int, start: int) -> Iterator[list[Any]]:
        """Yield the recordings of each page of calls."""
        for page in self._calls.pages(begin, start):
            yield [recording for call in page for recording in recordings_of(call)]

    def page(self, limit: int, begin: int | None) -> list[Any]:
        """Return the recordings of the first 100 calls, at most `limit`."""
        found = [recording for call in self._calls.page(100, begin) for recording in recordings_of(call)]
        return [recording for recording in found if RECORDINGS.is_complete(recording)][:limit]


def recordings_of(call: Any) -> Iterator[Any]:
    """Yield the recordings of a call, each with the end of its attempt. Unreadable items are yielded unchanged.

    An unfinished call yields an item in process, because it may still get recordings.
    """
    if not isinstance(call, Mapping):
        yield call
        return
    shared = {name: call[name] for name in _SHARED if call.get(name) is not None}
    shared |= {} if call.get("id") is None else {"callId": call["id"]}
    records = call.get("records")
    for record in records if isinstance(records, list) else []:
        listed = record.get("recordings") if isinstance(record, Mapping) else None
        for recording in listed if isinstance(listed, list) else []:
            if isinstance(recording, Mapping):
                yield {**shared, **recording, _ENDED: record.get("finishTime") or recording.get("created")}
            else:
                yield recording
    if not CALLS.is_complete(call):
        yield {"id": call.get("id"), "state": PROCESSING, _ENDED: first_end(call)}
