"""Orders: bought once, as far as that can be told.

An order takes nothing of ours, so there is no key to recognise it by. When one may have been placed already, the
account's recent orders are compared: those that were placed since the message began and ask for the same. One such
order is taken for ours; several are an error that names them, and so is one where nobody knows when the message began;
none, once the settle time is over, means that nothing was ordered. An order names its numbers and keywords only as it
gets them: while one that may be ours is in work and names none, it has to be waited for. What this cannot tell: that an
equal order, placed by somebody else at the same time, is not ours.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire import form
from lib.callfire.api import paging
from lib.callfire.api.client import Client, Request, client_for
from lib.callfire.api.errors import OutcomeUnknown
from lib.callfire.form import Config, FormField
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field, boolean
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.schema import for_designer
from lib.callfire.sending import keys
from lib.callfire.sending.delivery import Delivery, Items, Undecided
from lib.callfire.sending.options import COMPARE, OFF, Options, order_fields
from lib.callfire.sending.rows import Row
from lib.callfire.sending.undecided import deciding, ledger, raise_if_nothing_came_of_it, taking

MARGIN = 2 * 60 * 1000  # milliseconds by which clocks may differ
PAGE = 100
_KINDS = ("localNumbers", "tollFreeNumbers", "keywords")
_OVER = {"FINISHED", "PAYMENT_ERROR", "VOID", "PARTIALLY_ADJUSTED", "ADJUSTED", "ERRORED", "REJECTED"}
ASSUMED = boolean("assumed", "true: found by comparing, after the answer to the order was lost.")
KEY = keys.FIELD.but("What makes this order one and the same. Without it the platform's message ID is taken.")


class Known:
    """Orders that were answered to a message: they belong to no other. Keeps the last thousand."""

    def __init__(self) -> None:
        self._owners: OrderedDict[Any, str] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, number: Any, token: str) -> None:
        """This order is that message's."""
        with self._lock:
            self._owners.setdefault(number, token)
            while len(self._owners) > 1000:
                self._owners.popitem(last=False)

    def forget(self) -> None:
        """Know nothing, as after a start."""
        with self._lock:
            self._owners.clear()

    def belongs_to_another(self, number: Any, token: str) -> bool:
        """Whether it certainly is not this message's."""
        return self._owners.get(number, token) != token


known = Known()


@dataclass(frozen=True)
class Ordering(Operation):
    """An operation that orders numbers or keywords."""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs, and the key."""
        return (*super().fields, KEY)

    @property
    def form_fields(self) -> Mapping[str, FormField]:
        """What the form offers beside the shared fields."""
        return order_fields()

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Order once and emit the order's id."""
        with rebounding(config):
            compares = form.choice(config, "idempotency", COMPARE, (COMPARE, OFF)) == COMPARE
            options = Options.for_order(config, compares=compares)
            client = client_for(config)
            values = self.inputs(message.body, config)
            token = keys.of_message(step, message.body, values.get(keys.INPUT))
            with taking(step, token, idempotency=compares) as entry:
                row = Row(0, token, values, {}, check="Compare the account's orders before ordering again.")

                def post(_rows: list[Row]) -> Items:
                    answer = client.call(self.request(values)).value
                    return [answer] if isinstance(answer, Mapping) else []

                def look(_rows: list[Row]) -> dict[str, Mapping[str, Any]]:
                    found = _equal(_orders(client), values, token, entry.begun)
                    return {token: {"id": found["id"], "assumed": True}} if found else {}

                with deciding(str(self.route), step, [row], entry, options.error_policy):
                    Delivery(entry, options, True, post, look, lambda _rows: None).run([row])
                raise_if_nothing_came_of_it([row])
                known.add((row.item or {}).get("id"), token)
                yield {"body": dict(row.item or {})}
                entry.done()
            if step.incoming.message_id is None and not values.get(keys.INPUT):
                ledger.drop(token)

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:  # noqa: ARG002 (there is one message only)
        """Schema of the emitted body."""
        return for_designer((*self.returns.fields, ASSUMED), inputs=False)


def _orders(client: Client) -> Iterator[Mapping[str, Any]]:
    def fetch(limit: int, offset: int) -> dict[str, Any]:
        request = Request("GET", "/orders", "GET /orders", query=f"limit={limit}&offset={offset}", repeatable=True)
        return client.call(request).value or {}

    for page in paging.walk(fetch, PAGE):
        yield from page.get("items") or []


def _equal(
    orders: Iterator[Mapping[str, Any]], values: Mapping[str, Any], token: str, begun: int | None
) -> Mapping[str, Any] | None:
    """The one order that can be ours; several are `OutcomeUnknown`, one that does not say yet is `Undecided`."""
    possible = [
        order
        for order in orders
        if not known.belongs_to_another(order.get("id"), token)
        and (begun is None or order.get("created", begun) >= begun - MARGIN)
        and may_be(order, values)
    ]
    found = [order for order in possible if is_named(order, values)]
    if possible and not found:
        if any(order.get("status") not in _OVER for order in possible):
            raise Undecided(
                f"Of an order that is in work it cannot be told yet whether it is this one: {_ids(possible)}."
            )
        found = possible  # they have ended and got nothing: neither can anybody tell whether it is one of them
        begun = None
    if len(found) > 1 or (found and begun is None):
        raise OutcomeUnknown(
            "The outcome is unknown: it may have been ordered, but whether it is one of these, which ask for the same, "
            f"cannot be told: {_ids(found)}. Compare them before ordering again."
        )
    return found[0] if found else None


def _ids(orders: list[Mapping[str, Any]]) -> str:
    return ", ".join(str(order.get("id")) for order in orders[:10])


def may_be(order: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether an order asks for as many as these inputs, and has got nothing that they do not ask for."""
    items = {kind: order.get(kind) or {} for kind in _KINDS}
    local, toll_free, keywords = (int(item.get("ordered") or 0) for item in items.values())
    if wanted := _wanted(values):
        count = keywords if values.get("keywords") else local + toll_free
        others = local + toll_free if values.get("keywords") else keywords
        return count == len(wanted) and others == 0 and _got(order) <= wanted
    return (local, toll_free, keywords) == (values.get("localCount") or 0, values.get("tollFreeCount") or 0, 0)


def is_named(order: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether an order that may be this one shows by its content that it is; inputs without names need none."""
    return not _wanted(values) or bool(_got(order))


def _wanted(values: Mapping[str, Any]) -> set[str]:
    return {_name(wanted) for wanted in values.get("keywords") or values.get("numbers") or ()}


def _got(order: Mapping[str, Any]) -> set[str]:
    return {_name(str(value)) for kind in _KINDS for value in (order.get(kind) or {}).get("fulfilled") or ()}


def _name(value: str) -> str:
    """A keyword in capitals, a number by its last ten digits, however it is written."""
    digits = "".join(filter(str.isdigit, value))
    return digits[-10:] if len(digits) >= 10 else value.upper()
