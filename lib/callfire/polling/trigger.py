"""What the platform calls of a polling trigger: read the pages, emit what is new, remember it.

The pages are read before anything is emitted, since the oldest item may be on the last one. No interval's end and no
state is asked for: an item must not leave the list while its pages are walked.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from elasticio import Message, Step

from lib.callfire.api import paging
from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import CallFireError
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import models
from lib.callfire.operation.operation import Operation
from lib.callfire.operation.schema import for_designer
from lib.callfire.polling.fields import Choices
from lib.callfire.polling.kinds import Kind, message_id
from lib.callfire.polling.memory import Memory
from lib.callfire.polling.run import Run
from lib.callfire.polling.spool import Item

SAMPLES = 10
# It is not known whether CallFire's intervals mean the time an item was created, modified or finished, nor whether
# their bounds are inside; in a sample, `modified` is two seconds before `created`.
MARGIN = 60_000
clock = time.time


@dataclass(frozen=True)
class PollingTrigger:
    """A trigger for one kind of item. `filters` are inputs of the operation that the form offers."""

    kind: Kind
    operation: Operation
    filters: tuple[str, ...]
    lookback: int
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Message]:  # noqa: ARG002
        """Emit what is new since the snapshot, oldest first, and remember it as soon as it is confirmed."""
        with rebounding(config):
            choices = Choices.read(config, self.lookback)
            listing = Listing(self, client_for(config), config, choices.size)
            if step.is_debug:
                yield from self._sample(listing, choices)
                return
            with self._alone() as is_alone:
                if is_alone:
                    yield from self._run(step, listing, choices, snapshot)
                else:
                    step.logger.warning("the run before is still at work; what is new comes with the next one")

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Schemas of the messages, as the form's emitBehavior makes them."""
        returns = self.operation.returns
        page = for_designer([models("items", returns.model, "The items, oldest first.")], inputs=False)
        by_page = Choices.read(config, self.lookback).by_page
        return {"in": for_designer([], inputs=True), "out": page if by_page else returns.schema(single=True)}

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Two runs side by side would both begin at the same snapshot, and emit the same."""
        entered = self._busy.acquire(blocking=False)
        try:
            yield entered
        finally:
            if entered:
                self._busy.release()

    def _run(self, step: Step, listing: "Listing", choices: Choices, snapshot: Any) -> Iterator[Message]:
        memory = loaded(snapshot)
        if memory and memory.ended is not None and memory.ended == choices.rules.end:
            return
        now = int(clock() * 1000)
        since = memory.position[0] if memory else now if choices.start is None else choices.start
        begin = min(since - choices.rules.lookback, memory.floor if memory else since) - MARGIN
        pages = listing.pages(begin)
        first = next(pages)
        now = min(now, listing.date or now)
        memory = memory or Memory.new(
            now if choices.start is None else choices.start, by_outcome=choices.rules.by_outcome
        )
        with closing(Run(self.kind, choices.rules, memory, now)) as run:
            run.take(first)
            for items in pages:
                run.take(items)
            yield from self._emit(step, run, choices)
            after = run.memory().dump()
            if after != snapshot:
                step.emit("snapshot", after)

    def _emit(self, step: Step, run: Run, choices: Choices) -> Iterator[Message]:
        """Emit page after page; between two of them, write down how far it is."""
        fresh = run.fresh()
        page = list(islice(fresh, choices.size))
        if run.doubtful:
            step.logger.warning("%d items may have been emitted before: too many came late to tell", run.doubtful)
        while page:
            for message, items in self._messages(page, by_page=choices.by_page):
                yield message
                for item in items:
                    run.note(item)
            page = list(islice(fresh, choices.size))
            if choices.single_page:
                return
            if page:
                step.emit("snapshot", run.memory().dump())

    def _messages(self, page: list[Item], *, by_page: bool) -> Iterator[tuple[Message, list[Item]]]:
        ids = [message_id(self.kind.resource, item.number, item.outcome) for item in page]
        if by_page:
            body = {"items": [item.body for item in page]}
            yield Message(body=body, id=message_id(self.kind.resource, " ".join(ids), "page")), page
        else:
            yield from ((Message(body=item.body, id=name), [item]) for name, item in zip(ids, page, strict=True))

    def _sample(self, listing: "Listing", choices: Choices) -> Iterator[Message]:
        """At most ten items for the designer; nothing is remembered."""
        items = [item for item in listing.page(SAMPLES, 0, choices.start) if self.kind.is_complete(item)]
        if not items:
            raise CallFireError(
                f"There is nothing to show yet: this account has no {self.kind.resource} that fits the form. Let one "
                "come in and try again."
            )
        if choices.by_page:
            yield Message(body={"items": items[:SAMPLES]})
        else:
            yield from (Message(body=item) for item in items[:SAMPLES])


class Listing:
    """What CallFire lists with the form's filters. `date` is CallFire's own clock, Unix milliseconds, once it told."""

    def __init__(self, trigger: PollingTrigger, client: Client, config: Config, size: int) -> None:
        self._operation = trigger.operation
        self._client = client
        self._size = size
        given = {name: config.get(name) for name in trigger.filters if config.get(name) not in (None, "", [])}
        self._filters = trigger.operation.inputs({**given, "inbound": True}, {})
        self.date: int | None = None

    def pages(self, begin: int) -> Iterator[list[dict[str, Any]]]:
        """Yield the items of page after page; some perhaps twice, where others are inserted meanwhile."""
        walked = paging.walk(lambda limit, offset: self._fetch(limit, offset, begin), self._size, key=())
        yield from (_inbound(page) for page in walked)

    def page(self, limit: int, offset: int, begin: int | None) -> list[dict[str, Any]]:
        """Return the items of one page."""
        return _inbound(self._fetch(limit, offset, begin))

    def _fetch(self, limit: int, offset: int, begin: int | None) -> dict[str, Any]:
        values = {**self._filters, "limit": limit, "offset": offset}
        if begin is not None:
            values["intervalBegin"] = max(0, begin)
        answer = self._client.call(self._operation.request(values))
        self.date = self.date or _date(answer.raw.headers.get("Date"))
        return answer.value if isinstance(answer.value, dict) else {}


def loaded(snapshot: Any) -> Memory | None:
    """Read a snapshot: None where there is none yet; CallFireError for one that is not of ours."""
    if not snapshot:
        return None
    return Memory.load(snapshot if isinstance(snapshot, Mapping) else {})


def _inbound(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [item for item in page.get("items") or [] if item.get("inbound") is not False]


def _date(header: str | None) -> int | None:
    try:
        return int(parsedate_to_datetime(header or "").timestamp() * 1000)
    except ValueError:
        return None
