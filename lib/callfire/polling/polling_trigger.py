"""The polling trigger: it reads all pages, emits the new items, and stores the snapshot.

All pages are read before the first item is emitted, because the oldest item may be on the last page. The requests
contain no end time and no state, because items must not leave the list between the requests for its pages.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from elasticio import Message, Step

from lib.callfire import clock
from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import CallFireError, InvalidInput, InvalidSettings
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import models
from lib.callfire.operation.operation import Operation
from lib.callfire.operation.schema import for_designer
from lib.callfire.polling.item_kinds import ItemKind, message_id
from lib.callfire.polling.item_list import ItemList, ItemSource
from lib.callfire.polling.polling_form import PollingOptions
from lib.callfire.polling.polling_run import PollingRun
from lib.callfire.polling.polling_snapshot import PollingSnapshot
from lib.callfire.polling.spool import SpooledItem

SAMPLES = 10
# CallFire does not document whether its intervals refer to the creation, modification or end of an item, nor whether
# they include their bounds. In an example in CallFire's documentation, `modified` is two seconds before `created`.
MARGIN = 60_000  # milliseconds
MOST_WARNINGS = 1000


class UnreadableItems:
    """Warnings about items that cannot be read. Each item is named once per process."""

    def __init__(self) -> None:
        self._named: set[str] = set()

    def warn(self, step: Step, resource: str, unreadable: Mapping[str, str]) -> None:
        """Log a warning for each item that has not been named yet."""
        for name, reason in unreadable.items():
            if name not in self._named:
                step.logger.warning("Skipped an item of %s that cannot be read: %s, reason=%s", resource, name, reason)
        if len(self._named) > MOST_WARNINGS:
            self._named.clear()
        self._named.update(unreadable)


@dataclass(frozen=True)
class PollingTrigger:
    """A trigger for one kind of item.

    filters   inputs of the operation that are fields of the form
    lookback  default of the lookback window in seconds
    """

    kind: ItemKind
    operation: Operation
    filters: tuple[str, ...]
    lookback: int
    unreadable: UnreadableItems = field(default_factory=UnreadableItems)
    _active: threading.Lock = field(default_factory=threading.Lock)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Message]:  # noqa: ARG002
        """Emit the new items since the snapshot, oldest first. Stores a snapshot after each confirmed page."""
        with rebounding(config):
            options = PollingOptions.read(config, self.lookback)
            source = self.source(client_for(config), config, options.page_size)
            if step.is_debug:
                yield from self._sample(step, source, options)
                return
            with self._exclusively() as is_exclusive:
                if is_exclusive:
                    yield from self._run(step, source, options, snapshot)
                else:
                    step.logger.warning("The previous run is still active; this run is skipped.")

    def source(self, client: Client, config: Config, size: int) -> ItemSource:
        """Return the items with the form's filters, `size` per page. Raises `InvalidSettings` for an invalid filter."""
        inbound = self.kind.inbound
        fixed = {} if inbound is None else {"inbound": inbound}
        filters = checked_filters(self.operation, self.filters, config, **fixed)
        return ItemList(self.operation, client, filters, size, inbound)

    def body(self, step: Step, source: ItemSource, item: Mapping[str, Any], files: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Return the body to emit for an item. Attachments of the message are added to `files`."""
        return dict(item)

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Return the schemas {"in", "out"}. The output depends on the form's emitBehavior."""
        returns = self.operation.returns
        page = for_designer([models("items", returns.model, "The items, oldest first.")], inputs=False)
        by_page = PollingOptions.read(config, self.lookback).by_page
        return {"in": for_designer([], inputs=True), "out": page if by_page else returns.schema(single=True)}

    @contextmanager
    def _exclusively(self) -> Iterator[bool]:
        """Yield whether no other run is active. Two runs would start at the same snapshot and emit the same items."""
        entered = self._active.acquire(blocking=False)
        try:
            yield entered
        finally:
            if entered:
                self._active.release()

    def _run(self, step: Step, source: ItemSource, options: PollingOptions, snapshot: Any) -> Iterator[Message]:
        before = PollingSnapshot.of(snapshot)
        if before and before.ended is not None and before.ended == options.rules.end:
            return
        now = clock.unix_ms()
        since = before.position[0] if before else now if options.start is None else options.start
        begin = min(since - options.rules.lookback, before.floor if before else since) - MARGIN
        pages = source.pages(begin, before.start if before else since)
        first_page = next(pages)
        now = min(now, source.server_time or now)
        if not before:
            start = now if options.start is None else options.start
            before = PollingSnapshot.new(start, by_outcome=options.rules.by_outcome)
        with closing(PollingRun(self.kind, options.rules, before, now)) as run:
            run.take(first_page)
            for page in pages:
                run.take(page)
            self.unreadable.warn(step, self.kind.resource, run.unreadable)
            yield from self._emit(step, source, run, options)
            after = run.snapshot().dump()
            if after != snapshot:
                step.emit("snapshot", after)

    def _emit(self, step: Step, source: ItemSource, run: PollingRun, options: PollingOptions) -> Iterator[Message]:
        """Emit the new items page by page. Stores a snapshot between two pages."""
        fresh = run.fresh()
        page = list(islice(fresh, options.page_size))
        if run.doubtful:
            step.logger.warning(
                "%d items may have been emitted before: there are too many late items to tell them apart", run.doubtful
            )
        emitted = False
        while page:
            try:
                for message, items in self._messages(step, source, page, by_page=options.by_page):
                    yield message
                    emitted = True
                    for item in items:
                        run.note(item)
            except CallFireError as error:  # of a file; the confirmed items must not be repeated
                if not emitted:
                    raise
                step.logger.warning("Ended the run early; the next run continues: %s", error)
                return
            page = list(islice(fresh, options.page_size))
            if options.single_page:
                return
            if page:
                step.emit("snapshot", run.snapshot().dump())

    def _messages(
        self, step: Step, source: ItemSource, page: list[SpooledItem], *, by_page: bool
    ) -> Iterator[tuple[Message, list[SpooledItem]]]:
        ids = [message_id(self.kind.resource, item.number, item.outcome) for item in page]
        if by_page:
            message = self._page_message(step, source, [item.body for item in page])
            message.id = message_id(self.kind.resource, " ".join(ids), "page")
            yield message, page
        else:
            for name, item in zip(ids, page, strict=True):
                message = self._message(step, source, item.body)
                message.id = name
                yield message, [item]

    def _message(self, step: Step, source: ItemSource, item: Mapping[str, Any]) -> Message:
        files: dict[str, Any] = {}
        return Message(body=self.body(step, source, item, files), attachments=files)

    def _page_message(self, step: Step, source: ItemSource, items: Iterable[Mapping[str, Any]]) -> Message:
        files: dict[str, Any] = {}
        return Message(body={"items": [self.body(step, source, item, files) for item in items]}, attachments=files)

    def _sample(self, step: Step, source: ItemSource, options: PollingOptions) -> Iterator[Message]:
        """Emit at most ten items for the designer, without a snapshot."""
        listed = [item for item in source.page(SAMPLES, options.start) if isinstance(item, dict)]
        items = [item for item in listed if self.kind.is_complete(item)][:SAMPLES]
        if not items:
            raise CallFireError(
                f"No sample available: no {self.kind.noun} matches the filters. {self.kind.sample}, then retrieve the "
                "sample again."
            )
        if options.by_page:
            yield self._page_message(step, source, items)
        else:
            yield from (self._message(step, source, item) for item in items)


def checked_filters(operation: Operation, names: Iterable[str], config: Config, **fixed: Any) -> dict[str, Any]:
    """Return the form's filters as inputs of the operation. Raises `InvalidSettings` for an invalid filter."""
    given = {name: config[name] for name in names if config.get(name) not in (None, "", [])}
    try:
        return operation.inputs({**given, **fixed}, {})
    except InvalidInput as error:
        raise InvalidSettings(str(error)) from error
