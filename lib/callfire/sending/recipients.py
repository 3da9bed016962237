"""The recipients of a message and their results, in the given order.

A recipient is open until it has a state: CallFire's state if it was sent to, FAILED (not sent to), SKIPPED (on purpose)
or UNKNOWN (the outcome is unknown).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib.callfire import phone_numbers
from lib.callfire.api.errors import CallFireError, InvalidInput
from lib.callfire.exact_json import portable
from lib.callfire.sending import idempotency_key
from lib.callfire.sending.send_channel import SendChannel
from lib.callfire.sending.send_options import SendOptions

FAILED, SKIPPED, UNKNOWN, ACCEPTED = "FAILED", "SKIPPED", "UNKNOWN", "ACCEPTED"
NUMBER_FIELDS = ("phoneNumber", "fromNumber", "transferNumber")
SentItem = Mapping[str, Any]
"""A text, call or order as CallFire returns it."""
Content = tuple[str, ...]
"""The recipient and the content. Recipients with equal values are duplicates."""

# States in which CallFire accepts a recipient, but does not contact the recipient.
_REFUSED = {
    "INVALID": "CallFire considers the number invalid.",
    "DNC": "The number is on a do-not-contact list (DNC).",
    "DUP": "CallFire considers the recipient a duplicate of another one.",
    "RESTRICTED_NUMBER": "CallFire does not contact this number.",
}
_TRIM_LENGTH = 160  # characters; broadcasts may trim a longer text


@dataclass(slots=True)
class Recipient:
    """One recipient and its result.

    index      place in the message, from 0
    key        idempotency key
    outgoing   properties that are sent to CallFire
    mapped_at  input field of a mapped key, e.g. "idempotencyKey"; "" for a derived key
    number     number in the notation for comparisons; "" for a contact
    content    recipient and content, to detect duplicates
    advice     instruction for checking in CallFire; "": check the key
    item       the text, call or order in CallFire
    state      CallFire's, or FAILED, SKIPPED, UNKNOWN, or ACCEPTED if CallFire returns none; "" while it is open
    cause      exception of an error
    more       additional properties of the result: segments, retryAfter, …
    direct     whether the message has the recipient's properties itself, without a list
    """

    index: int
    key: str
    outgoing: dict[str, Any]
    mapped_at: str = ""
    number: str = ""
    content: Content = ()
    advice: str = ""
    item: SentItem | None = None
    state: str = ""
    error: str = ""
    retryable: bool = False
    cause: CallFireError | None = None
    more: dict[str, Any] = field(default_factory=dict)
    direct: bool = False

    def place_of(self, name: str) -> str:
        """Return the place of a property in the message, for errors: recipients[INDEX].NAME."""
        return name if self.direct else f"recipients[{self.index}].{name}"

    @property
    def how_to_check(self) -> str:
        """The instruction for checking in CallFire whether the recipient was sent to."""
        return self.advice or idempotency_key.how_to_check(self.key)

    @property
    def is_open(self) -> bool:
        """Whether the recipient has no result yet."""
        return not self.state

    @property
    def is_sent(self) -> bool:
        """Whether CallFire accepted the recipient."""
        return self.item is not None

    def sent(self, item: SentItem) -> None:
        """Set the result: CallFire accepted the recipient as this text, call or order."""
        self.item, self.state = item, str(item.get("state") or ACCEPTED)
        self.error = _REFUSED.get(self.state, "")

    def failed(self, cause: CallFireError, *, retryable: bool = False) -> None:
        """Set the result FAILED: the recipient was not sent to."""
        self.state, self.error, self.retryable, self.cause = FAILED, str(cause), retryable, cause

    def skipped(self, reason: str, *, retryable: bool = False, **more: Any) -> None:
        """Set the result SKIPPED with a reason and additional properties."""
        self.state, self.error, self.retryable = SKIPPED, reason, retryable
        self.more.update(more)

    def unknown(self, cause: CallFireError) -> None:
        """Set the result UNKNOWN."""
        self.state, self.error, self.cause = UNKNOWN, str(cause), cause

    def asks_for(self, item: SentItem) -> bool:
        """Return whether a text or call with this recipient's mapped key has its number and text.

        Missing properties count as equal, and so do texts with placeholders and trimmed texts.
        """
        number, found = item.get("toNumber"), item.get("message")
        if self.number and isinstance(number, str) and self.number not in phone_numbers.comparable_forms(number):
            return False
        wanted = self.content[1] if len(self.content) > 1 else ""
        if not wanted or not isinstance(found, str) or "${" in wanted:
            return True
        wanted, found = " ".join(wanted.split()), " ".join(found.split())
        return wanted == found or (len(found) >= _TRIM_LENGTH - 1 and wanted.startswith(found))

    def result(self) -> dict[str, Any]:
        """Return the result to emit."""
        result: dict[str, Any] = {"index": self.index}
        for name in ("phoneNumber", "contactId"):
            if value := self.outgoing.get(name):
                result[name] = portable(value)
        if self.item and (identifier := self.item.get("id")) is not None:
            result["id"] = identifier
        result["state"] = self.state
        if self.error:
            result["error"] = self.error
        result["retryable"] = self.retryable
        return {**result, **self.more, "key": self.key}


def recipients_of(
    values: Mapping[str, Any],
    message_key: str,
    options: SendOptions,
    channel: SendChannel,
    *,
    needs_content: bool,
    direct: bool = False,
) -> list[Recipient]:
    """Return the recipients of checked inputs. Invalid recipients have failed, and duplicates are skipped.

    `needs_content`: no broadcast provides a text or sound. `direct`: the message has no list of recipients. Raises
    `InvalidInput` for an invalid recipient with strictValidation, and for an idempotency key that two recipients share.
    """
    given = values["recipients"]
    found = []
    for index, (entry, key) in enumerate(
        zip(given, idempotency_key.keys_of_recipients(message_key, given), strict=True)
    ):
        outgoing = {name: value for name, value in entry.items() if name != idempotency_key.INPUT}
        recipient = Recipient(index, key, outgoing, _mapped_at(values, entry, index), direct=direct)
        found.append(recipient)
        try:
            _prepare(recipient, values, options, channel, needs_content=needs_content)
        except InvalidInput as error:
            if values.get("strictValidation"):
                raise
            recipient.failed(error)
    if options.skips_duplicates:
        _skip_duplicates(found, channel)
    return found


def _mapped_at(values: Mapping[str, Any], entry: Mapping[str, Any], index: int) -> str:
    if entry.get(idempotency_key.INPUT):
        return f"recipients[{index}].{idempotency_key.INPUT}"
    return idempotency_key.INPUT if values.get(idempotency_key.INPUT) else ""


def _prepare(
    recipient: Recipient, values: Mapping[str, Any], options: SendOptions, channel: SendChannel, *, needs_content: bool
) -> None:
    """Normalize the numbers of a recipient and set its content. Raises `InvalidInput` for an invalid recipient."""
    outgoing = recipient.outgoing
    if not options.idempotency:
        recipient.advice = f"Check CallFire for a {channel.noun} to this recipient before you retry."
    if options.normalizes:
        outgoing.update(_normalized(recipient, options.region, short_codes=channel.short_codes))
    if number := outgoing.get("phoneNumber"):
        recipient.number = number if options.normalizes else phone_numbers.comparable(number, options.region)
    recipient.content = _content(recipient, values, channel)
    if needs_content and not any(recipient.content[1 : 1 + len(channel.content)]):
        first, *_ = channel.content
        raise InvalidInput(
            f"{recipient.place_of(first)}: is required, because the message has no {channel.content[first]}. Map "
            f"one of {', '.join(channel.content)}."
        )


def _normalized(recipient: Recipient, region: str, *, short_codes: bool) -> dict[str, Any]:
    """Return the phone numbers of a recipient in CallFire's notation. Raises `InvalidInput` for an invalid number."""
    numbers = {}
    for name in NUMBER_FIELDS:
        if not (value := recipient.outgoing.get(name)):
            continue
        try:
            numbers[name] = phone_numbers.normalize(value, region, short_codes=short_codes or name == "fromNumber")
        except ValueError as error:
            raise InvalidInput(
                f"{recipient.place_of(name)}: {error}. Use a number with its area code, e.g. (213) 200-0384; for "
                "another country, start with + and the country code, or set Default Country."
            ) from error
    return numbers


def _content(recipient: Recipient, values: Mapping[str, Any], channel: SendChannel) -> Content:
    """Return recipient and content. If the text has placeholders (${…}), the attributes are part of the content."""
    outgoing = recipient.outgoing
    parts = []
    for name, default in channel.content.items():
        own = outgoing.get(name)
        value = own or values.get(default)
        if isinstance(value, str):
            if _is_blank(value):
                raise InvalidInput(f"{recipient.place_of(name) if own else default}: must not be blank.")
            parts.append(value)
        else:
            parts.append(idempotency_key.canonical(value) if value else "")
    if "${" in "".join(parts):
        parts.append(idempotency_key.canonical(outgoing.get("attributes")))
    return (recipient.number or f"contact {outgoing.get('contactId')}", *parts)


def _is_blank(text: str) -> bool:
    """Return whether a text has only spaces and invisible characters. An empty text is not given, and not blank."""
    if not text or text[0].isalnum():  # the usual cases
        return False
    return all(character.isspace() or unicodedata.category(character) in ("Cc", "Cf") for character in text)


def _skip_duplicates(recipients: Sequence[Recipient], channel: SendChannel) -> None:
    first_with: dict[Content, int] = {}
    for recipient in recipients:
        if recipient.is_open:
            first = first_with.setdefault(recipient.content, recipient.index)
            if first != recipient.index:
                reason = f"Duplicate of recipients[{first}]: the same recipient and the same {channel.noun}."
                recipient.skipped(reason, duplicateOf=first)


def open_of(recipients: Sequence[Recipient]) -> list[Recipient]:
    """Return the recipients that have no result yet."""
    return [recipient for recipient in recipients if recipient.is_open]


def paired(recipients: Sequence[Recipient], items: Sequence[SentItem]) -> Iterator[tuple[Recipient, SentItem]]:
    """Yield pairs of recipient and item of a response: by key, else by place, else by a unique number or contact.

    The place counts only if there are as many items as recipients and the numbers have the same order.
    """
    keyed = [(idempotency_key.key_of_item(item), item) for item in items]
    by_key = {key: item for key, item in keyed if key is not None}
    rest = []
    for recipient in recipients:
        if recipient.key in by_key:
            yield recipient, by_key[recipient.key]
        else:
            rest.append(recipient)
    unkeyed = [item for key, item in keyed if key is None]
    if rest and len(rest) == len(unkeyed) and _is_same_order(rest, unkeyed):
        yield from zip(rest, unkeyed, strict=True)
    elif rest:
        yield from _paired_by_name(rest, unkeyed)


def _is_same_order(recipients: Sequence[Recipient], items: Sequence[SentItem]) -> bool:
    """Return whether the items can be in the order of the recipients, by their numbers."""
    if all(one.number and one.number == item.get("toNumber") for one, item in zip(recipients, items, strict=True)):
        return True  # the usual case
    names = [_name(recipient) for recipient in recipients]
    known = set(names)
    found = map(_names_of_item, items)
    return all(name in of_item or not known & of_item for name, of_item in zip(names, found, strict=True))


def _paired_by_name(recipients: Sequence[Recipient], items: Sequence[SentItem]) -> Iterator[tuple[Recipient, SentItem]]:
    wanted = Counter(_name(recipient) for recipient in recipients)
    found = Counter(name for item in items for name in _names_of_item(item))
    by_name = {name: item for item in items for name in _names_of_item(item) if found[name] == 1}
    for recipient in recipients:
        if wanted[name := _name(recipient)] == 1 and name in by_name:
            yield recipient, by_name[name]


def _name(recipient: Recipient) -> str:
    return recipient.number or f"contact {recipient.outgoing.get('contactId')}"


def _names_of_item(item: SentItem) -> set[str]:
    """Return the names of an item, as `_name` returns them for recipients: by number and by contact."""
    number, contact = item.get("toNumber"), item.get("contact")
    names = set(phone_numbers.comparable_forms(number)) if isinstance(number, str) else set()
    return names | ({f"contact {contact.get('id')}"} if isinstance(contact, Mapping) else set())


def summary(recipients: Sequence[Recipient]) -> dict[str, int]:
    """Return the number of recipients per result."""
    ended = {FAILED: "failed", SKIPPED: "skipped", UNKNOWN: "unknown"}
    counts = {"recipients": len(recipients), "accepted": 0, "failed": 0, "skipped": 0, "unknown": 0}
    for recipient in recipients:
        counts[ended.get(recipient.state, "failed" if recipient.error else "accepted")] += 1
    return counts
