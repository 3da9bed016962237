"""A send as an action: what it takes, how a message becomes rows, and what is emitted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import InvalidInput
from lib.callfire.form import Config, FormField
from lib.callfire.operation.emit_behavior import INDIVIDUALLY
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field, boolean, integer, number, text
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.schema import for_designer
from lib.callfire.sending import keys, length, numbers
from lib.callfire.sending.channel import TEXTS, Channel
from lib.callfire.sending.compliance import Compliance
from lib.callfire.sending.delivery import Delivery, Items
from lib.callfire.sending.ledger import Entry
from lib.callfire.sending.lookup import Search
from lib.callfire.sending.options import AGAIN, WAIT, Options
from lib.callfire.sending.rows import Row, summary
from lib.callfire.sending.tracking import Tracking
from lib.callfire.sending.undecided import deciding, ledger, raise_if_nothing_came_of_it, taking

KEY = keys.FIELD.but(
    "What makes this message one and the same, e.g. an order number: it is recognised by that when it comes again. "
    "Without it the platform's message ID is taken. For it to be recognised in every later message, too, the form's "
    '"Look before sending" has to be "always". A recipient may have one of its own under the same name.'
)
OWN_KEY = keys.FIELD.but(
    "What makes this recipient's one and the same, e.g. an order number; no two recipients may have the same. It goes "
    f"out as the attribute {keys.ATTRIBUTE}."
)
_AS_TEXT = (*numbers.NUMBER_FIELDS, keys.INPUT)
ROW = (
    integer("index", "Place of the recipient in the input, from 0."),
    text("phoneNumber", "Its number, as it was sent."),
    integer("contactId", "Its contact."),
    integer("id", "CallFire's ID of the text or call.", label="ID"),
    text("state", "CallFire's state, or FAILED, SKIPPED (on purpose), UNKNOWN (look before sending it again)."),
    text("error", "Why it was not sent, or will not be."),
    boolean("retryable", "true: the same recipient may succeed later."),
    text("retryAfter", "When the quiet hours are over, ISO 8601."),
    integer("segments", "How many messages the text is sent as."),
    text("encoding", "GSM-7, or UCS-2 where a character needs it."),
    text("outcome", "With tracking: delivered, failed, retryLater, optedOut, or pending."),
    text("result", "With tracking: CallFire's final result."),
    number("billedAmount", "With tracking: credits it cost."),
    text("key", f"What it is recognised by: the attribute {keys.ATTRIBUTE} of the text or call."),
)
SUMMARY = (
    integer("recipients", "How many there were."),
    integer("accepted", "How many CallFire has taken."),
    integer("failed", "How many were not sent."),
    integer("skipped", "How many were left out on purpose."),
    integer("unknown", "Of how many nobody knows."),
    integer("segments", "Segments of all texts that were taken."),
    number("estimatedCredits", "Their price, where the form tells that of a segment."),
)


@dataclass(frozen=True)
class Sending(Operation):
    """An operation that sends to a list of recipients; `channel` tells texts from calls."""

    channel: Channel = TEXTS

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs, and the key: one of the message, and one of each recipient."""
        return (*(_with_own_key(entry) if entry.name == "recipients" else entry for entry in super().fields), KEY)

    @property
    def form_fields(self) -> Mapping[str, FormField]:
        """What the form offers beside the shared fields."""
        from lib.callfire.sending.options import form_fields  # noqa: PLC0415 (for the build only)

        return form_fields(self.channel)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Send to each recipient once and emit what became of each."""
        with rebounding(config):
            options = Options.read(config, self.channel)
            client = client_for(config)
            values = self.inputs(_readable(message.body), config)
            token = keys.of_message(step, message.body, values.get(keys.INPUT))
            with taking(step, token, idempotency=options.idempotency) as entry:
                rows = self._rows(values, token, options)
                with deciding(str(self.route), step, rows, entry, options.error_policy):
                    self._delivery(client, values, entry, options).run(rows)
                raise_if_nothing_came_of_it(rows)
                tracking = Tracking(client, self.channel)
                if options.track == WAIT:
                    tracking.follow(rows, options.tracking)
                yield from self._emitted(rows, options)
                if options.track == AGAIN:
                    tracking.follow(rows, options.tracking)
                    yield from self._emitted(rows, options)
                entry.done()
            if step.incoming.message_id is None and not values.get(keys.INPUT):
                ledger.drop(token)  # nothing tells two messages of the same content apart

    def _rows(self, values: Mapping[str, Any], token: str, options: Options) -> list[Row]:
        given = values["recipients"]
        rows = []
        for index, (recipient, key) in enumerate(zip(given, keys.of_recipients(token, given), strict=True)):
            outgoing = {name: value for name, value in recipient.items() if name != keys.INPUT}
            row = Row(index, key, recipient, outgoing, check=keys.what_to_check(key))
            rows.append(row)
            if not options.normalize:
                continue
            try:
                row.recipient = numbers.normal_recipient(
                    outgoing, options.region, f"recipients[{index}]", short_codes=self.channel.short_codes
                )
            except InvalidInput as error:
                if values.get("strictValidation"):
                    raise
                row.failed(error)
        if self.channel is TEXTS:
            length.note(rows, values.get("defaultMessage"), options)
        return rows

    def _delivery(self, client: Client, values: Mapping[str, Any], entry: Entry, options: Options) -> Delivery:
        def post(rows: list[Row]) -> Items:
            outgoing = [keys.marked(row.recipient, row.key) if options.idempotency else row.recipient for row in rows]
            answer = client.call(self.request({**values, "recipients": outgoing})).value
            items = answer.get("items") if isinstance(answer, Mapping) else answer
            return [item for item in items or [] if isinstance(item, Mapping)]

        # A key that the integrator mapped may be older than this message.
        mapped = keys.INPUT in values or any(keys.INPUT in recipient for recipient in values["recipients"])
        begun = None if options.look_always or mapped else entry.begun
        campaign = values.get("id") if self.path else values.get("campaignId")
        search = Search(client, self.channel, campaign or None, begun, options.region)
        check = Compliance(client, self.channel, options).check
        return Delivery(entry, options, bool(values.get("strictValidation")), post, search.find, check)

    def _emitted(self, rows: list[Row], options: Options) -> Iterator[Payload]:
        if options.individually:
            yield from ({"body": {**row.body(), "item": row.item}} for row in rows)
            return
        figures = length.figures(rows, options) if self.channel is TEXTS else {}
        yield {
            "body": {
                "items": [row.item for row in rows if row.item],
                "results": [row.body() for row in rows],
                "summary": {**summary(rows), **figures},
            }
        }

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Schemas of input and output, the latter as the form's emitBehavior makes it."""
        single = config.get("emitBehavior") == INDIVIDUALLY
        return {"in": for_designer(self.fields, inputs=True), "out": self.output_schema(single=single)}

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:
        """Schema of the emitted body: all rows and items, or one row with its item."""
        answered: dict[str, Any] = for_designer(self.returns.fields, inputs=False)["properties"]["items"]
        row = for_designer(ROW, inputs=False)
        if single:
            item = {**answered["items"], "title": "Item", "description": "The text or call at CallFire."}
            return {**row, "properties": {**row["properties"], "item": item}}
        results = {"type": "array", "items": row, "title": "Results", "description": "A row for each recipient."}
        totals = {**for_designer(SUMMARY, inputs=False), "title": "Summary", "description": "How many came to what."}
        return {"type": "object", "properties": {"items": answered, "results": results, "summary": totals}}


def _with_own_key(recipients: Field) -> Field:
    """The list of recipients, of which each may have its own key."""
    return recipients.but(schema={**recipients.schema, "items": {**recipients.schema["items"], "more": (OWN_KEY,)}})


def _readable(body: Any) -> Any:
    """The body with phone numbers and keys as texts, one recipient as a list of it."""
    if not isinstance(body, Mapping) or not isinstance(body.get("recipients"), list | Mapping):
        return body
    given = body["recipients"]
    recipients = given if isinstance(given, list) else [given]
    return {**body, "recipients": [numbers.as_text(recipient, _AS_TEXT) for recipient in recipients]}
