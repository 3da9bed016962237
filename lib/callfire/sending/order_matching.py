"""The search for an order that may have been placed already: a comparison with the account's recent orders.

Orders carry no key. An order of the account matches if it was placed since the message began, has the same content, and
is the only one. An identical order of another user at the same time cannot be distinguished. An order shows its
numbers and keywords only when CallFire has provided them. The connector waits while a candidate shows none.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.api.errors import OutcomeUnknown
from lib.callfire.exact_json import is_id, whole
from lib.callfire.sending.outbound_delivery import Undecided

MARGIN = 2 * 60 * 1000  # milliseconds by which clocks may differ
MOST_ANSWERED = 1000
Order = Mapping[str, Any]

_KINDS = ("localNumbers", "tollFreeNumbers", "keywords")
_ENDED = {"FINISHED", "PAYMENT_ERROR", "VOID", "PARTIALLY_ADJUSTED", "ADJUSTED", "ERRORED", "REJECTED"}


class AnsweredOrders:
    """The orders that CallFire returned for a message. Each order belongs to one message. Shared by all threads."""

    def __init__(self) -> None:
        self._messages: OrderedDict[Any, str] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, number: Any, message_key: str) -> None:
        """Record that CallFire returned this order for that message. Does nothing for an order without an ID."""
        if not is_id(number):
            return
        with self._lock:
            self._messages.setdefault(number, message_key)
            while len(self._messages) > MOST_ANSWERED:
                self._messages.popitem(last=False)

    def forget(self) -> None:
        """Remove all orders, as after a restart."""
        with self._lock:
            self._messages.clear()

    def belongs_to_another(self, number: Any, message_key: str) -> bool:
        """Return whether the order certainly belongs to another message."""
        return is_id(number) and self._messages.get(number, message_key) != message_key


ANSWERED = AnsweredOrders()


def matching_order(
    orders: Iterable[Order], values: Mapping[str, Any], message_key: str, since: int | None
) -> Order | None:
    """Return the one order that matches this message; None if there is none.

    `values` are the inputs of the order. `since` is the start of the message (Unix milliseconds, None if unknown).
    Raises `Undecided` while a candidate does not show its content, and `OutcomeUnknown` if several orders match.
    """
    candidates = [
        order
        for order in orders
        if not ANSWERED.belongs_to_another(order.get("id"), message_key)
        and _is_recent(order, since)
        and asks_for_the_same(order, values)
    ]
    if not candidates:
        return None
    confirmed = [order for order in candidates if shows_content(order, values)]
    if confirmed:
        if len(confirmed) == 1 and since is not None:
            return confirmed[0]
        raise _ambiguous(confirmed)
    if any(order.get("status") not in _ENDED for order in candidates):
        raise Undecided(f"Orders in progress do not show their content yet: {_ids(candidates)}.")
    raise _ambiguous(candidates)  # they have ended without content, so they cannot be compared


def asks_for_the_same(order: Order, values: Mapping[str, Any]) -> bool:
    """Return whether an order has the counts of these inputs, and no item that is not among them."""
    local, toll_free, keywords = (_ordered(order, kind) for kind in _KINDS)
    wanted = _wanted(values)
    if not wanted:
        return (local, toll_free, keywords) == (values.get("localCount") or 0, values.get("tollFreeCount") or 0, 0)
    numbers = local + toll_free
    count, others = (keywords, numbers) if values.get("keywords") else (numbers, keywords)
    return count == len(wanted) and others == 0 and _fulfilled(order) <= wanted


def shows_content(order: Order, values: Mapping[str, Any]) -> bool:
    """Return whether the content of an order confirms the match. Inputs without names require no content."""
    return not _wanted(values) or bool(_fulfilled(order))


def _is_recent(order: Order, since: int | None) -> bool:
    created = whole(order.get("created"))
    return since is None or created is None or created >= since - MARGIN


def _item(order: Order, kind: str) -> Mapping[str, Any]:
    item = order.get(kind)
    return item if isinstance(item, Mapping) else {}


def _ordered(order: Order, kind: str) -> int:
    return whole(_item(order, kind).get("ordered")) or 0


def _fulfilled(order: Order) -> set[str]:
    names = [_item(order, kind).get("fulfilled") for kind in _KINDS]
    return {_comparable(str(name)) for listed in names if isinstance(listed, list) for name in listed}


def _wanted(values: Mapping[str, Any]) -> set[str]:
    return {_comparable(wanted) for wanted in values.get("keywords") or values.get("numbers") or ()}


def _comparable(name: str) -> str:
    """Return the last ten digits of a number, or a keyword in upper case."""
    digits = "".join(filter(str.isdigit, name))
    return digits[-10:] if len(digits) >= 10 else name.upper()


def _ambiguous(orders: list[Order]) -> OutcomeUnknown:
    return OutcomeUnknown(
        "The outcome is unknown: the order may have been placed. It may be one of these: "
        f"{_ids(orders)}. Compare them before you order again."
    )


def _ids(orders: list[Order]) -> str:
    return ", ".join(str(order.get("id")) for order in orders[:10])
