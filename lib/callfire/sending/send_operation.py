"""Sends as actions: inputs, processing of a message, and output."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import InvalidInput
from lib.callfire.form import Config, FormField
from lib.callfire.models import find
from lib.callfire.operation.emit_behavior import INDIVIDUALLY
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field, boolean, integer, number, text
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.schema import for_designer
from lib.callfire.sending import idempotency_key, text_length
from lib.callfire.sending.ledger import MESSAGES, LedgerEntry
from lib.callfire.sending.outbound_delivery import OutboundDelivery
from lib.callfire.sending.recipients import Recipient, SentItem, recipients_of, summary
from lib.callfire.sending.send_channel import TEXTS, SendChannel
from lib.callfire.sending.send_options import AGAIN, WAIT, SendOptions
from lib.callfire.sending.single_recipient import LIST, direct_fields, explained, is_direct, with_list

KEY = idempotency_key.key_field(
    "Identifies the message, e.g. an order number. Default: the platform's message ID. Messages with the same key and "
    'content are sent once; across processes, only with "Check Before Sending: Always".'
)
OWN_KEY = idempotency_key.key_field(
    "Identifies this recipient's message, e.g. an order number. Must be unique in the list. Sent as the attribute "
    f"{idempotency_key.ATTRIBUTE}."
)
RESULT = (
    integer("index", "Place of the recipient in the input, from 0."),
    text("phoneNumber", "Phone number that was sent to CallFire."),
    integer("contactId", "Contact of the recipient."),
    integer("id", "ID of the text or call in CallFire.", label="ID"),
    text("state", "CallFire's state, or FAILED, SKIPPED (on purpose), UNKNOWN (check CallFire before you retry)."),
    text("error", "Reason why the recipient was not or will not be contacted."),
    boolean("retryable", "true: a retry for the same recipient may succeed."),
    text("retryAfter", "End of the quiet hours, ISO 8601."),
    integer("duplicateOf", "Place of the first recipient with the same content, from 0."),
    integer("segments", "Number of segments of the text."),
    text("encoding", "GSM-7, or UCS-2 if a character requires it."),
    text("outcome", "With tracking: delivered, failed, retryLater, optedOut or pending."),
    text("result", "With tracking: CallFire's final result."),
    number("billedAmount", "With tracking: credits charged."),
    text("key", f"Idempotency key: the attribute {idempotency_key.ATTRIBUTE} of the text or call."),
)
SUMMARY = (
    integer("recipients", "Number of recipients."),
    integer("accepted", "Number of recipients that CallFire accepted."),
    integer("failed", "Number of recipients that were not sent to."),
    integer("skipped", "Number of recipients that were skipped on purpose."),
    integer("unknown", "Number of recipients with an unknown outcome."),
    integer("segments", "Number of segments of all accepted texts."),
    number("estimatedCredits", "Estimated price, if the form contains Credits per Segment."),
)


@dataclass(frozen=True)
class SendOperation(Operation):
    """An operation that sends texts or calls, by `channel`, to one recipient or a list of recipients."""

    channel: SendChannel = TEXTS

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs, including the key of the message and the key of each recipient."""
        return (*(_with_own_key(entry) if entry.name == LIST else entry for entry in super().fields), KEY)

    @property
    def offered(self) -> tuple[Field, ...]:
        """The inputs that the designer offers: a single recipient, the list, and the settings of all recipients."""
        by_name = {entry.name: entry for entry in self.fields}
        path = tuple(entry for entry in self.fields if entry.name in self._path_names)
        rest = tuple(entry for entry in self.fields if entry not in path and entry.name != LIST)
        return (*path, *direct_fields(self._recipient_fields), by_name[LIST].but(required=False), *rest)

    @cached_property
    def _recipient_fields(self) -> tuple[Field, ...]:
        (recipients,) = (entry for entry in self.fields if entry.name == LIST)
        return find(recipients.schema["items"]["model"]).fields

    @cached_property
    def _recipient_names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self._recipient_fields)

    def inputs(self, body: Any, config: Config) -> dict[str, Any]:
        """Return the checked inputs of a message's body, with a list of recipients.

        The form's `fromNumber` is the sender of recipients without one. The form's other selects replace inputs that
        are not given.
        """
        folded = with_list(body, self._recipient_names, self._names)
        defaults = {name: config.get(name) for name in self.selects if name in self._names}
        try:
            values = self.input_rule.read(folded, defaults, config)
        except InvalidInput as error:
            raise (explained(error) if is_direct(body) else error) from None
        if "fromNumber" in self.selects and (sender := config.get("fromNumber")):
            values[LIST] = [{"fromNumber": str(sender), **entry} for entry in values[LIST]]
        return values

    @property
    def form_fields(self) -> Mapping[str, FormField]:
        """The form fields of sends, without those of all actions."""
        from lib.callfire.sending.send_form import send_fields  # noqa: PLC0415 (for the build only)

        return send_fields(self.channel)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Send to each recipient once and emit the results."""
        with rebounding(config):
            options = SendOptions.read(config, self.channel.largest_batch)
            client = client_for(config)
            values = self.inputs(message.body, config)
            mapped = values.get(idempotency_key.INPUT)
            key = idempotency_key.key_of_message(step, message.body, mapped)
            with MESSAGES.working_on(key, step.incoming, idempotency=options.idempotency) as entry:
                recipients = self._recipients(values, key, options, direct=is_direct(message.body))
                sender = BatchSender(self, client, values, entry, options)
                is_strict = bool(values.get("strictValidation"))
                OutboundDelivery(sender, entry, step.incoming, options, is_strict).run(recipients)
                yield from self._tracked(client, recipients, entry, options)
                entry.finish()
            if step.incoming.message_id is None and not mapped:
                MESSAGES.drop(key)  # two messages with the same content cannot be told apart

    def _recipients(
        self, values: Mapping[str, Any], key: str, options: SendOptions, *, direct: bool
    ) -> list[Recipient]:
        needs_content = not (self.path or values.get("campaignId"))
        recipients = recipients_of(values, key, options, self.channel, needs_content=needs_content, direct=direct)
        if self.channel is TEXTS:
            text_length.limit_length(recipients, values.get("defaultMessage"), options)
        return recipients

    def _tracked(
        self, client: Client, recipients: list[Recipient], entry: LedgerEntry, options: SendOptions
    ) -> Iterator[Payload]:
        """Emit the results at once, after tracking, or both. The form's trackOutcome selects it."""
        if options.track != WAIT:
            yield from self._emitted(recipients, options)
        if options.track in (WAIT, AGAIN):
            from lib.callfire.sending.tracking import Tracking  # noqa: PLC0415 (loaded only if selected)

            Tracking(client, self.channel).follow(recipients, options.track_limit, entry.started_at)
            yield from self._emitted(recipients, options)

    def _emitted(self, recipients: list[Recipient], options: SendOptions) -> Iterator[Payload]:
        if options.individually:
            yield from ({"body": {**recipient.result(), "item": recipient.item}} for recipient in recipients)
            return
        length = text_length.length_summary(recipients, options) if self.channel is TEXTS else {}
        yield {
            "body": {
                "items": [recipient.item for recipient in recipients if recipient.item],
                "results": [recipient.result() for recipient in recipients],
                "summary": {**summary(recipients), **length},
            }
        }

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Return the schemas {"in", "out"}. The output depends on the form's emitBehavior."""
        single = config.get("emitBehavior") == INDIVIDUALLY
        return {"in": for_designer(self.offered, inputs=True), "out": self.output_schema(single=single)}

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:
        """Return the schema of the emitted body: all results and items, or with `single` one result with its item."""
        answered: dict[str, Any] = for_designer(self.returns.fields, inputs=False)["properties"]["items"]
        result = for_designer(RESULT, inputs=False)
        if single:
            item = {**answered["items"], **_explained("Item", "The text or call in CallFire.", order=5)}
            return {**result, "properties": {**result["properties"], "item": item}}
        results = {"type": "array", "items": result, **_explained("Results", "One result per recipient.", order=20)}
        totals = {**for_designer(SUMMARY, inputs=False), **_explained("Summary", "Counts of the results.", order=30)}
        return {"type": "object", "properties": {"items": answered, "results": results, "summary": totals}}


def _explained(title: str, about: str, *, order: int) -> dict[str, Any]:
    """Return the keywords with which the designer explains a property."""
    return {"title": title, "description": about, "help": {"description": about}, "order": order}


@dataclass(frozen=True)
class BatchSender:
    """Sends batches of the recipients of one message. Implements `outbound_delivery.Sender`."""

    operation: SendOperation
    client: Client
    values: Mapping[str, Any]
    entry: LedgerEntry
    options: SendOptions

    @property
    def noun(self) -> str:
        """The noun in errors: "text" or "call"."""
        return self.operation.channel.noun

    @property
    def what(self) -> str:
        """The name of the operation in errors."""
        return str(self.operation.route)

    def send(self, recipients: Sequence[Recipient]) -> list[SentItem]:
        """Send to these recipients in one request, with their keys if duplicates are prevented."""
        if self.options.idempotency:
            outgoing = [idempotency_key.with_key(one.outgoing, one.key) for one in recipients]
        else:
            outgoing = [one.outgoing for one in recipients]
        answer = self.client.call(self.operation.request({**self.values, "recipients": outgoing})).value
        items = answer.get("items", []) if isinstance(answer, Mapping) else answer
        if not items:  # a success without details, e.g. because of `fields`
            return [{} for _ in recipients]
        return [item for item in items if isinstance(item, Mapping)]

    def find(self, recipients: Sequence[Recipient]) -> Mapping[str, SentItem]:
        """Search CallFire for the keys of these recipients. Returns {key: item}."""
        from lib.callfire.sending.sent_search import SentSearch  # noqa: PLC0415 (rarely needed)

        # A mapped key may be older than this message.
        is_mapped = self.options.search_always or any(recipient.mapped_at for recipient in recipients)
        since = None if is_mapped else self.entry.not_sent_before
        broadcast = self.values.get("id") if self.operation.path else self.values.get("campaignId")
        search = SentSearch(self.client, self.operation.channel, broadcast or None, since, self.options.region)
        return search.find(recipients)

    def check(self, recipients: Sequence[Recipient]) -> None:
        """Run the compliance checks that the form selects."""
        if recipients and self.options.checks_compliance:
            from lib.callfire.sending.compliance import Compliance  # noqa: PLC0415 (loaded only if selected)

            Compliance(self.client, self.operation.channel, self.options).check(recipients)


def _with_own_key(recipients: Field) -> Field:
    """Return the field `recipients` with an input for the key of each recipient."""
    return recipients.but(schema={**recipients.schema, "items": {**recipients.schema["items"], "more": (OWN_KEY,)}})
