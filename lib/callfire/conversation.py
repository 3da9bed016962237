"""Get Conversation as an action: all texts, optionally calls, with one number in both directions, oldest first.

CallFire filters by sender or by recipient and does not document the order of its lists. The action therefore reads both
directions completely and sorts the items on disk, so that a conversation of any length fits into memory.

CallFire does not document which time an interval refers to either. With a start, the action requests the items since
then and the unfinished ones, and compares the time of creation again.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from elasticio import Message, Step

from lib.callfire import form, phone_numbers
from lib.callfire.api.client import Client, client_for
from lib.callfire.api.paging import DEFAULT_PAGE_SIZE, page_size
from lib.callfire.form import Config, FormField
from lib.callfire.operation.emit_behavior import emit_behavior, emitted
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.polling.item_kinds import UnreadableItemError, created, number_of
from lib.callfire.polling.spool import Spool, SpooledItem
from lib.callfire.sending.sent_search import UNFINISHED

# Clocks differ, and the bounds of an interval may be exclusive.
MARGIN = 60_000  # milliseconds
_NO_END = 2**63  # milliseconds, after all times
_RESULTS = {"text": "finalTextResult", "call": "finalCallResult"}


@dataclass(frozen=True)
class ConversationOperation(Operation):
    """An operation that returns the texts and calls with one number."""

    @property
    def form_fields(self) -> Mapping[str, FormField]:
        """The form fields, without those of all actions."""
        return {
            "includeCalls": form.check_box(
                "Include Calls", "Also returns the calls with the number. Default: No.", order=95
            ),
            "pageSize": form.text_field(
                "Page Size",
                f"Number of items per request and per page. Default: {DEFAULT_PAGE_SIZE}.",
                order=30,
                placeholder=str(DEFAULT_PAGE_SIZE),
            ),
        }

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Emit the conversation with the number of a message, oldest first."""
        with rebounding(config), ExitStack() as stack:
            values = self.inputs(message.body, config)
            size, behavior = page_size(config), emit_behavior(config)
            kinds = ("text", "call") if form.is_checked(config, "includeCalls") else ("text",)
            conversation = Conversation(client_for(config), values, size)
            spools = {kind: stack.enter_context(closing(Spool())) for kind in kinds}
            skipped = sum(conversation.collect(kind, spool) for kind, spool in spools.items())
            if skipped:
                step.logger.warning("Skipped items of the conversation without a valid id or time: count=%d", skipped)
            yield from emitted(_pages(spools, size, values.get("maxItems")), behavior, self.returns.lists)


@dataclass(frozen=True)
class Conversation:
    """The requests for one conversation. `values` are the inputs, `page_size` is the number of items per request."""

    client: Client
    values: Mapping[str, Any]
    page_size: int

    def collect(self, kind: str, spool: Spool) -> int:
        """Add all texts or calls to a spool. Returns the number of unreadable items. Raises a `CallFireError`."""
        unreadable = 0
        for filters in self._filters():
            for page in self.client.pages(f"/{kind}s", filters, size=self.page_size):
                items = []
                for body in page["items"]:
                    try:
                        items += self._item(kind, body)
                    except UnreadableItemError:
                        unreadable += 1
                spool.put(items)
        spool.sort()
        return unreadable

    def _filters(self) -> Iterator[dict[str, Any]]:
        """Yield the filters of both directions, with a start also those of unfinished items."""
        begin = self.values.get("intervalBegin")
        for here, there in (("fromNumber", "toNumber"), ("toNumber", "fromNumber")):
            own = self.values.get("ownNumber")
            numbers = {here: self.values["number"], **({there: own} if own else {})}
            if begin is None:
                yield numbers
            else:
                yield {**numbers, "intervalBegin": max(0, begin - MARGIN)}
                yield {**numbers, "states": UNFINISHED}

    def _item(self, kind: str, body: Any) -> list[SpooledItem]:
        """Return the item, or an empty list if it is not part of the conversation."""
        if not isinstance(body, Mapping):
            raise UnreadableItemError("not an object")
        number, moment = number_of(body), created(body)
        begin, end = self.values.get("intervalBegin"), self.values.get("intervalEnd")
        if moment is None and (begin, end) == (None, None):
            moment = 0
        if moment is None or not (begin or 0) <= moment <= (_NO_END if end is None else end):
            return []
        if not self._is_with_number(body):
            return []
        result = body.get(_RESULTS[kind])
        shown = {"type": kind, **body, **({} if result is None else {"result": result})}
        shown["type"] = kind  # first, but not that of the body
        return [SpooledItem(moment, number, "", shown, moment)]

    def _is_with_number(self, body: Mapping[str, Any]) -> bool:
        """Return whether the number is sender or recipient. Items without numbers are accepted."""
        given = [str(body[name]) for name in ("fromNumber", "toNumber") if body.get(name)]
        return not given or any(self.values["number"] in phone_numbers.comparable_forms(value) for value in given)


def _pages(spools: Mapping[str, Spool], size: int, newest: int | None) -> Iterator[dict[str, Any]]:
    """Yield pages of `size` items, oldest first; of the `newest` items only, None: of all. The first may be empty."""
    total = sum(spool.count() for spool in spools.values())
    skipped = max(0, total - newest) if newest else 0
    ordered = merge(*(spool.fresh() for spool in spools.values()), key=lambda item: (item.moment, item.number))
    items = islice((item.body for item in ordered), skipped, None)
    offset, count = 0, total - skipped
    while True:
        page = list(islice(items, size))
        if page or offset == 0:
            yield {"items": page, "limit": size, "offset": offset, "totalCount": count}
        offset += len(page)
        if offset >= count:
            return
