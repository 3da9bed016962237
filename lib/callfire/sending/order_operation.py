"""Orders of numbers and keywords as actions. Duplicates are prevented by a comparison with recent orders."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import OutcomeUnknown
from lib.callfire.exact_json import is_id
from lib.callfire.form import Config, FormField
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field, boolean
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.schema import for_designer
from lib.callfire.sending import idempotency_key
from lib.callfire.sending.ledger import MESSAGES, LedgerEntry
from lib.callfire.sending.order_matching import ANSWERED, Order, matching_order
from lib.callfire.sending.outbound_delivery import OutboundDelivery
from lib.callfire.sending.recipients import Recipient, SentItem
from lib.callfire.sending.send_options import SendOptions

ASSUMED = boolean("assumed", "true: the order was found by comparing recent orders, because the response was lost.")
KEY = idempotency_key.key_field("Identifies the order, e.g. a ticket number. Default: the platform's message ID.")


@dataclass(frozen=True)
class OrderOperation(Operation):
    """An operation that orders numbers or keywords, with duplicate prevention."""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs, including the key of the message."""
        return (*super().fields, KEY)

    @property
    def form_fields(self) -> Mapping[str, FormField]:
        """The form fields of orders, without those of all actions."""
        from lib.callfire.sending.send_form import order_fields  # noqa: PLC0415 (for the build only)

        return order_fields()

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Place the order once and emit its ID."""
        with rebounding(config):
            options = SendOptions.read_for_order(config)
            client = client_for(config)
            values = self.inputs(message.body, config)
            mapped = values.get(idempotency_key.INPUT)
            key = idempotency_key.key_of_message(step, message.body, mapped)
            with MESSAGES.working_on(key, step.incoming, idempotency=options.idempotency) as entry:
                order = _as_recipient(values, key)
                sender = OrderSender(self, client, values, key, entry)
                OutboundDelivery(sender, entry, step.incoming, options, strict=True).run([order])
                ANSWERED.add((order.item or {}).get("id"), key)
                yield {"body": dict(order.item or {})}
                entry.finish()
            if step.incoming.message_id is None and not mapped:
                MESSAGES.drop(key)

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:  # noqa: ARG002 (there is one message only)
        """Return the schema of the emitted body: the ID, and `assumed`."""
        return for_designer((*self.returns.fields, ASSUMED), inputs=False)


@dataclass(frozen=True)
class OrderSender:
    """Places one order. Implements `outbound_delivery.Sender`."""

    operation: OrderOperation
    client: Client
    values: Mapping[str, Any]
    message_key: str
    entry: LedgerEntry
    noun: str = "order"

    @property
    def what(self) -> str:
        """The name of the operation in errors."""
        return str(self.operation.route)

    def send(self, recipients: Sequence[Recipient]) -> list[SentItem]:  # noqa: ARG002 (the order itself)
        """Place the order and return CallFire's item. Raises a `CallFireError`."""
        answer = self.client.call(self.operation.request(self.values)).value
        if answer in (None, {}) or "fields" in self.values:  # a success without details
            return [answer if isinstance(answer, Mapping) else {}]
        if isinstance(answer, Mapping) and is_id(answer.get("id")):
            return [answer]
        raise OutcomeUnknown(
            f"{self.what}: CallFire's response does not contain the ID of the order. Check the orders before you retry."
        )

    def find(self, recipients: Sequence[Recipient]) -> Mapping[str, SentItem]:  # noqa: ARG002 (the order itself)
        """Return the matching order of the account as {message key: item}."""
        found = matching_order(self._orders(), self.values, self.message_key, self.entry.not_sent_before)
        return {self.message_key: {"id": found.get("id"), "assumed": True}} if found else {}

    def check(self, recipients: Sequence[Recipient]) -> None:
        """Do nothing: orders have no compliance checks."""

    def _orders(self) -> Iterator[Order]:
        for page in self.client.pages("/orders"):
            yield from (order for order in page["items"] if isinstance(order, Mapping))


def _as_recipient(values: Mapping[str, Any], key: str) -> Recipient:
    """Return the order in the form of a recipient, the only one of its message."""
    mapped = bool(values.get(idempotency_key.INPUT))
    return Recipient(
        0,
        key,
        dict(values),
        mapped_at=idempotency_key.INPUT if mapped else "",
        content=(idempotency_key.canonical(values),),
        advice="Compare the orders of the account before you order again.",
    )
