"""Finding an order that may have been placed already, by comparing it with the account's recent orders.

An order carries no key. An order of the account is taken for this one if it was placed since the message began and asks
for the same, and if it is the only one. What that cannot tell: that another user placed an identical order at the same
time. An order shows its numbers and keywords only when it has got them. While one in question is processed and shows
none, it has to be waited for.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.api.errors import OutcomeUnknown
from lib.callfire.sending.outbound_delivery import Undecided

MARGIN = 2 * 60 * 1000  # milliseconds by which clocks may differ
MOST_ANSWERED = 1000
Order = Mapping[str, Any]

_KINDS = ("localNumbers", "tollFreeNumbers", "keywords")
_ENDED = {"FINISHED", "PAYMENT_ERROR", "VOID", "PARTIALLY_ADJUSTED", "ADJUSTED", "ERRORED", "REJECTED"}


class AnsweredOrders:
    """Orders that CallFire answered to a message: they belong to no other message. Shared by all threads."""

    def __init__(self) -> None:
        self._messages: OrderedDict[Any, str] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, number: Any, message_key: str) -> None:
        """Note that this order was answered to that message."""
        with self._lock:
            self._messages.setdefault(number, message_key)
            while len(self._messages) > MOST_ANSWERED:
                self._messages.popitem(last=False)

    def forget(self) -> None:
        """Forget everything, as after a restart."""
        with self._lock:
            self._messages.clear()

    def belongs_to_another(self, number: Any, message_key: str) -> bool:
        """Return whether the order certainly is not this message's."""
        return self._messages.get(number, message_key) != message_key


ANSWERED = AnsweredOrders()


def matching_order(
    orders: Iterable[Order], values: Mapping[str, Any], message_key: str, since: int | None
) -> Order | None:
    """Return the one order that may be this message's; None if there is none.

    `values` are the inputs of the order, `since` is when the message began (Unix milliseconds, None if unknown). Raises
    `Undecided` while an order in question does not show what it got, and `OutcomeUnknown` if comparing cannot tell.
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
        raise Undecided(f"An order that is processed does not show yet whether it is this one: {_ids(candidates)}.")
    raise _ambiguous(candidates)  # they have ended and got nothing: nothing tells whether one of them is this one


def asks_for_the_same(order: Order, values: Mapping[str, Any]) -> bool:
    """Return whether an order asks for as many as these inputs, and got nothing that they do not ask for."""
    local, toll_free, keywords = (_ordered(order, kind) for kind in _KINDS)
    wanted = _wanted(values)
    if not wanted:
        return (local, toll_free, keywords) == (values.get("localCount") or 0, values.get("tollFreeCount") or 0, 0)
    numbers = local + toll_free
    count, others = (keywords, numbers) if values.get("keywords") else (numbers, keywords)
    return count == len(wanted) and others == 0 and _fulfilled(order) <= wanted


def shows_content(order: Order, values: Mapping[str, Any]) -> bool:
    """Return whether an order shows by its content that it is the one; inputs without names need no content."""
    return not _wanted(values) or bool(_fulfilled(order))


def _is_recent(order: Order, since: int | None) -> bool:
    created = order.get("created")
    return since is None or not isinstance(created, int) or created >= since - MARGIN


def _item(order: Order, kind: str) -> Mapping[str, Any]:
    item = order.get(kind)
    return item if isinstance(item, Mapping) else {}


def _ordered(order: Order, kind: str) -> int:
    count = _item(order, kind).get("ordered")
    return count if isinstance(count, int) else 0


def _fulfilled(order: Order) -> set[str]:
    names = [_item(order, kind).get("fulfilled") for kind in _KINDS]
    return {_comparable(str(name)) for listed in names if isinstance(listed, list) for name in listed}


def _wanted(values: Mapping[str, Any]) -> set[str]:
    return {_comparable(wanted) for wanted in values.get("keywords") or values.get("numbers") or ()}


def _comparable(name: str) -> str:
    """Return a number's last ten digits, a keyword in capitals."""
    digits = "".join(filter(str.isdigit, name))
    return digits[-10:] if len(digits) >= 10 else name.upper()


def _ambiguous(orders: list[Order]) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"The outcome is unknown: the order may have been placed. Comparing cannot tell whether it is one of these: "
        f"{_ids(orders)}. Compare them before you order again."
    )


def _ids(orders: list[Order]) -> str:
    return ", ".join(str(order.get("id")) for order in orders[:10])
