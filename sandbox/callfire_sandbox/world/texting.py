"""Texts: sending, receiving and automatic replies."""

from typing import Any

from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.actions import ACTION_TYPES, ActionType, add_inbound, check_credits, create, dispatch, end
from callfire_sandbox.world.billing import MEDIA_COST, TEXT_COST, credits_left, segments
from callfire_sandbox.world.contact_lists import add_to_list, update_size
from callfire_sandbox.world.contacts import add_contact, contact_of
from callfire_sandbox.world.dnc import opt_out
from callfire_sandbox.world.magic_numbers import REPLY_AFTER, reply_to
from callfire_sandbox.world.opt_out import is_opt_out
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.recipients import Recipient, refuse_too_many, resolve_recipients, sending_number
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import SHORT_CODE, World

MAX_RECIPIENTS = 1000
BIG_MESSAGE = 160
"""Characters above which the bigMessageStrategy of a broadcast applies."""


def cost(text: Record) -> float:
    """Return the credits for a text: one per segment, a fixed price with media, nothing for an inbound text."""
    if text["inbound"]:
        return 0.0
    return MEDIA_COST if text.get("media") else TEXT_COST * segments(text.get("message", ""))


def _finish(world: World, text: Record, result: str) -> dict[str, Any]:
    if result == "SENT" and (reply := reply_to(world, text)):
        world.later(REPLY_AFTER, receive_reply, number=text["id"], message=reply)
    return {"message": text.get("message", ""), "switchId": "sandbox"}


def _results(_world: World, result: str) -> Record:
    return {"textResult": result}


def _takes(world: World) -> int:
    return world.switches.text_takes


TEXTS = ACTION_TYPES["texts"] = ActionType(
    table="texts",
    result="finalTextResult",
    record_results=_results,
    extras={},
    payload_defaults={"labels": [], "media": []},
    resource="Text",
    dnc="DNT",
    dnc_out="text",
    dnc_universal="outboundText",
    default_result="SENT",
    cost=cost,
    finish=_finish,
    takes=_takes,
)


def send(
    world: World, recipients: list[dict[str, Any]], *, campaign: Record | None, message: str | None, strict: bool
) -> list[Record]:
    """Send a text to each recipient and return the texts.

    Raises BadRequestError or ForbiddenError, and then nothing was sent.
    """
    refuse_too_many(recipients, MAX_RECIPIENTS)
    found = resolve_recipients(world, recipients, strict=strict, short_codes=True)
    texts = [prepare(world, recipient, campaign, message) for recipient in found]
    check_content(texts)
    billed = [{**text, "inbound": False} for text, recipient in zip(texts, found, strict=True) if recipient.valid]
    check_credits(world, TEXTS, billed)
    batch = world.new_id()
    actions = [
        create(world, TEXTS, recipient, batchId=batch, **text) for text, recipient in zip(texts, found, strict=True)
    ]
    dispatch(world, TEXTS, actions)
    return actions


def check_content(texts: list[dict[str, Any]]) -> None:
    """Raise BadRequestError for a text that has neither a message nor media."""
    for index, text in enumerate(texts):
        if not text["message"] and not text.get("media"):
            raise BadRequestError(f"recipients[{index}]: a text needs a message or media. Add one of them.")


def prepare(world: World, recipient: Recipient, campaign: Record | None, message: str | None) -> dict[str, Any]:
    """Return the fields of a text to that recipient.

    The message is the recipient's own, else the default message, else the campaign's.
    """
    given, campaign = recipient.given, campaign or {}
    own = given.get("message") or message
    return {
        **_fitted(own or campaign.get("message", ""), campaign),
        "common": None if own else True,
        "media": media(world, given.get("media") or campaign.get("media") or []) or None,
        "fromNumber": sending_number(world, given.get("fromNumber") or campaign.get("fromNumber"), SHORT_CODE),
        "campaignId": campaign.get("id", 0),
        "labels": campaign.get("labels"),
    }


def _fitted(words: str, campaign: Record) -> dict[str, Any]:
    """Return {message, unsendable} by the strategy of the campaign for big messages."""
    strategy = campaign.get("bigMessageStrategy", "SEND_MULTIPLE")
    return {
        "message": words[:BIG_MESSAGE] if strategy == "TRIM" else words,
        "unsendable": "TOO_BIG" if len(words) > BIG_MESSAGE and strategy == "DO_NOT_SEND" else None,
    }


def replace_common_message(world: World, text: Record, campaign: Record) -> None:
    """Replace the message of a waiting text by the new message of its campaign, unless the recipient has a message."""
    if text["_"].get("common"):
        fitted = _fitted(campaign.get("message", ""), campaign)
        world["texts"].change(text, message=fitted["message"])
        world["texts"].note(text, unsendable=fitted["unsendable"])


def media(world: World, given: list[dict[str, Any]]) -> list[Record]:
    """Return media by id. An entry with a publicUrl is returned unchanged. Raises BadRequestError."""
    found = []
    for entry in given:
        known = world["media"].get(entry["id"]) if "id" in entry else None
        if known is None and "publicUrl" not in entry:
            raise BadRequestError(f"media: there is no media with id {entry.get('id')}.")
        found.append({name: value for name, value in (known or entry).items() if name not in ("_", "key")})
    return found


def receive(world: World, *, sender: str, to: str, message: str, **more: Any) -> Record:
    """Store an inbound text, announce it, and answer it if an auto-reply matches."""
    created = more.pop("created", None) or world.time()
    text = add_inbound(world, TEXTS, caller=sender, to=to, created=created, message=message, **more)
    end(world, TEXTS, text, "RECEIVED")
    if is_opt_out(message):
        opt_out(world, sender)
    _opt_in(world, text)
    _auto_reply(world, text)
    return text


@task
def receive_reply(world: World, number: int, message: str) -> None:
    """Receive the reply of a magic number to a text."""
    text = world["texts"].get(number)
    if text is not None:
        receive(world, sender=text["toNumber"], to=text["fromNumber"], message=message)


def _opt_in(world: World, text: Record) -> None:
    """Add the sender of a leased keyword to the contact list of the keyword."""
    keyword = (text["message"].split() or [""])[0].upper()
    lease = world["keyword_leases"].first(keyword=keyword, number=text["toNumber"])
    if lease is None:
        return
    listed = world["contact_lists"].get(lease.get("contactListId", 0))
    if listed:
        sender = text["fromNumber"]
        contact = world["contacts"].first(numbers=sender, deleted=False) or add_contact(world, {"homePhone": sender})
        add_to_list(world, contact, listed["id"])
        update_size(world, listed)
    if lease.get("optInConfirmationMessage"):
        _reply(world, text, lease["optInConfirmationMessage"])


def _auto_reply(world: World, text: Record) -> None:
    for auto_reply in world["auto_replies"]:
        meant = auto_reply.get("number") in (None, text["toNumber"])
        wanted = (auto_reply.get("match") or auto_reply.get("keyword") or "").lower()
        if meant and wanted in text["message"].lower():
            _reply(world, text, auto_reply["message"])
            return


def _reply(world: World, text: Record, message: str) -> None:
    """Reply to an inbound text if the credits are enough."""
    if credits_left(world) < TEXT_COST * segments(message):
        return
    recipient = Recipient(text["fromNumber"], valid=True, contact=contact_of(world, text["fromNumber"]), given={})
    reply = create(world, TEXTS, recipient, batchId=world.new_id(), message=message, fromNumber=text["toNumber"])
    dispatch(world, TEXTS, [reply])
