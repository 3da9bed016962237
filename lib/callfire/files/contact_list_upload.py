"""The operation that creates a contact list from a file and optionally waits until CallFire has read the file."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from elasticio import Message, Step

from lib.callfire import clock, form
from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import CallFireError, NotFound, OutcomeUnknown, Rejected, Temporary, discreet
from lib.callfire.exact_json import is_id
from lib.callfire.files.contact_file import ContactFile, prepare
from lib.callfire.files.sources import Source, SourceFile
from lib.callfire.files.uploads import UploadOperation
from lib.callfire.form import Config, FormField
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.operation import Payload

DEFAULT_WAIT, LONGEST_WAIT = 300.0, 1200.0  # seconds; RabbitMQ redelivers a message after 30 minutes
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0  # seconds
_ACTIVE = "ACTIVE"
_FAILED = {
    "PARSE_FAILED": "The file is not valid CSV.",
    "COLUMN_TOO_LARGE": "A cell has more than 255 characters.",
    "IMPORT_FAILED": "The import failed.",
    "ERRORS": "The contacts contain errors, for example no valid phone number.",
    "DELETED": "The list was deleted.",
}
_SNAPSHOT_KEY = "createdLists"
_REMEMBERED = 10  # lists in the snapshot

WAIT_FIELDS: Mapping[str, FormField] = {
    "waitUntilActive": form.check_box(
        "Wait Until Active",
        "Waits until CallFire has read the file. Fails with the status of the list if that is not ACTIVE. Default: No.",
        order=50,
    ),
    "waitLimit": form.text_field(
        "Max Wait (seconds)",
        f"Time limit of the wait. Default: {DEFAULT_WAIT:g}. Maximum: {LONGEST_WAIT:g}.",
        order=49,
        placeholder=f"{DEFAULT_WAIT:g}",
    ),
}


@dataclass(frozen=True)
class ContactListUpload(UploadOperation):
    """Uploads contacts. Their file is checked and converted first, see `contact_file`.

    While the step waits for the list, it never rebounds the message: that would create a second list. If the broker
    redelivers the message, the step finds the list in its snapshot and continues to wait.
    """

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:
        """Create the list and emit its ID. With the form's waitUntilActive, emit status and size, too."""
        limit = form.seconds(config, "waitLimit", DEFAULT_WAIT, LONGEST_WAIT)
        if not form.is_checked(config, "waitUntilActive"):
            yield from super().process(step, message, config, snapshot)
            return
        with rebounding(config):
            client = client_for(config)
            list_id = _created_before(step, snapshot) or self._created(step, message, config, snapshot)
        yield {"body": wait_until_active(client, list_id, limit)}

    def prepared(self, source: Source, values: Mapping[str, Any], step: Step, held: ExitStack) -> Source:
        """Return the converted file. Rows have CallFire's format already."""
        if values.get("rows") is not None:
            return source
        copies: list[ContactFile] = []

        def opened() -> SourceFile:
            if not copies:
                copies.append(prepare(source()))
                held.callback(copies[0].close)
                if copies[0].changes:
                    step.logger.info("Converted the contact file: %s", ", ".join(copies[0].changes))
            return copies[0].open()

        return opened

    def _created(self, step: Step, message: Message, config: Config, snapshot: Any) -> Any:
        """Create the list, store its ID in the snapshot, and return it."""
        list_id = self.upload(step, message, config).get("id")
        if not is_id(list_id):
            raise OutcomeUnknown(f"{self.route}: CallFire's response has no ID. Check the lists before you retry.")
        _remember(step, snapshot, list_id)
        return list_id


def wait_until_active(client: Client, list_id: Any, limit: float) -> dict[str, Any]:
    """Wait at most `limit` seconds until a list is active, and return its ID, status and size.

    Raises `Rejected` if the import failed, and `OutcomeUnknown` if the status is not final in time. Never raises a
    `Temporary` error, because a rebound would create the list again.
    """
    what = f"contact list {list_id}"
    deadline, pause, status = clock.monotonic() + limit, _FIRST_PAUSE, "unknown"
    while True:
        if found := _list(client, list_id, what):
            status = discreet(str(found.get("status")))
        if status == _ACTIVE:
            return {"id": list_id, "status": status, "size": (found or {}).get("size")}
        if status in _FAILED:
            raise Rejected(f"{what}: was created, but its status is {status}. {_FAILED[status]} Correct the file.")
        if clock.monotonic() + pause > deadline:
            raise OutcomeUnknown(
                f"{what}: was created, but its status is still {status} after {limit:g} s. Check the list before you "
                "upload the file again."
            )
        clock.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _list(client: Client, list_id: Any, what: str) -> dict[str, Any] | None:
    """Return the list; None if it is not available at the moment."""
    try:
        found = client.get(f"/contacts/lists/{quote(str(list_id), safe='')}", what="GET /contacts/lists/{id}", tries=1)
    except (Temporary, NotFound):  # a new list may become visible later
        return None
    except CallFireError as error:
        raise OutcomeUnknown(f"{what}: was created, but its status cannot be read. {error}") from error
    return found if isinstance(found, dict) else None


def _created_before(step: Step, snapshot: Any) -> Any:
    """Return the ID of the list that an earlier delivery of this message created; None if there is none."""
    return _created_lists(snapshot).get(step.incoming.message_id or "") if step.incoming.redelivered else None


def _remember(step: Step, snapshot: Any, list_id: int | str) -> None:
    if message_id := step.incoming.message_id:
        lists = [*_created_lists(snapshot).items(), (message_id, list_id)]
        step.emit("updateSnapshot", {_SNAPSHOT_KEY: dict(lists[-_REMEMBERED:])})


def _created_lists(snapshot: Any) -> Mapping[str, Any]:
    lists = snapshot.get(_SNAPSHOT_KEY) if isinstance(snapshot, Mapping) else None
    return lists if isinstance(lists, Mapping) else {}
