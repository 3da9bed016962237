"""Texts: sent, received, and answered automatically."""

from typing import Any

from sandbox.errors import BadRequest
from sandbox.world.actions import TRADES, Trade, affordable, appear_later, create, dispatch, end
from sandbox.world.billing import MEDIA_COST, TEXT_COST, credits_left, segments
from sandbox.world.contact_lists import add_contact, put_in, resize
from sandbox.world.query import Record
from sandbox.world.recipients import Target, from_number, targets
from sandbox.world.state import SHORT_CODE, World

BIG_MESSAGE = 160
"""Characters beyond which a broadcast's bigMessageStrategy counts."""
STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}


def cost(text: Record) -> float:
    """Credits for a text: one for each segment, more with media; nothing for inbound ones."""
    if text["inbound"]:
        return 0.0
    return MEDIA_COST if text.get("media") else TEXT_COST * segments(text.get("message", ""))


def _finish(_world: World, text: Record, _result: str) -> dict[str, Any]:
    return {"message": text.get("message", ""), "switchId": "sandbox"}


TEXTS = TRADES["texts"] = Trade(
    table="texts",
    result="finalTextResult",
    record_result="textResult",
    resource="Text",
    dnc="DNT",
    dnc_out="text",
    dnc_universal="outboundText",
    default_result="SENT",
    cost=cost,
    finish=_finish,
    takes=lambda world: world.switches.text_takes,
)


def send(
    world: World, recipients: list[dict[str, Any]], *, campaign: Record | None, message: str | None, strict: bool
) -> list[Record]:
    """Send a text to each recipient now. Raises BadRequest or Forbidden, and then nothing was sent."""
    found = targets(world, recipients, strict=strict, short_codes=True)
    texts = [prepare(world, target, campaign, message) for target in found]
    for index, text in enumerate(texts):
        if not text["message"] and not text.get("media"):
            raise BadRequest(f"recipients[{index}]: a text needs a message or media")
    affordable(
        world, TEXTS, [{**text, "inbound": False} for text, target in zip(texts, found, strict=True) if target.valid]
    )
    actions = [create(world, TEXTS, target, **text) for text, target in zip(texts, found, strict=True)]
    dispatch(world, TEXTS, actions)
    return actions


def prepare(world: World, target: Target, campaign: Record | None, message: str | None) -> dict[str, Any]:
    """What a text to that recipient will say: the recipient's own words, or the default's or the campaign's."""
    given, campaign = target.given, campaign or {}
    words = given.get("message") or message or campaign.get("message", "")
    strategy = campaign.get("bigMessageStrategy", "SEND_MULTIPLE")
    too_big = len(words) > BIG_MESSAGE
    return {
        "message": words[:BIG_MESSAGE] if strategy == "TRIM" else words,
        "unsendable": "TOO_BIG" if too_big and strategy == "DO_NOT_SEND" else None,
        "media": media(world, given.get("media") or campaign.get("media") or []) or None,
        "fromNumber": from_number(given.get("fromNumber"), campaign.get("fromNumber") or SHORT_CODE),
        "campaignId": campaign.get("id", 0),
        "labels": campaign.get("labels"),
    }


def media(world: World, given: list[dict[str, Any]]) -> list[Record]:
    """The media that are meant: by id, or as they are if they carry an address of their own."""
    found = []
    for entry in given:
        known = world["media"].get(entry["id"]) if "id" in entry else None
        if known is None and "publicUrl" not in entry:
            raise BadRequest(f"no media with id {entry.get('id')}")
        found.append({name: value for name, value in (known or entry).items() if name not in ("_", "key")})
    return found


def receive(world: World, *, sender: str, to: str, message: str, **more: Any) -> Record:
    """A text comes in: it is stored, announced, and answered if an auto reply matches."""
    created = more.pop("created", None) or world.time()
    text: Record = {
        "fromNumber": sender,
        "toNumber": to,
        "state": "FINISHED",
        "campaignId": 0,
        "inbound": True,
        "created": created,
        "modified": created,
        "message": message,
        **{name: value for name, value in more.items() if value is not None},
        "_": {"hidden": world.switches.visible_after > 0},
    }
    world["texts"].add(text)
    appear_later(world, TEXTS, [text["id"]])
    end(world, TEXTS, text, "RECEIVED")
    _opt_out(world, sender, message)
    _opt_in(world, text)
    _auto_reply(world, text)
    return text


def _opt_out(world: World, sender: str, message: str) -> None:
    if message.strip().upper() in STOP_WORDS and not world["dncs"].where(number=sender, text=True):
        entry = {"number": sender, "text": True, "call": False, "source": "STOP", "created": world.time()}
        world["dncs"].add({**entry, "campaignId": 0})


def _opt_in(world: World, text: Record) -> None:
    """A leased keyword, texted to its number, puts the sender on the keyword's contact list."""
    keyword = (text["message"].split() or [""])[0].upper()
    lease = world["keyword_leases"].first(keyword=keyword, number=text["toNumber"])
    if lease is None:
        return
    listed = world["contact_lists"].get(lease.get("contactListId", 0))
    if listed:
        sender = text["fromNumber"]
        contact = world["contacts"].first(homePhone=sender, deleted=False) or add_contact(world, {"homePhone": sender})
        put_in(world, contact, listed["id"])
        resize(world, listed)
    if lease.get("optInConfirmationMessage"):
        _answer(world, text, lease["optInConfirmationMessage"])


def _auto_reply(world: World, text: Record) -> None:
    for reply in world["auto_replies"]:
        meant = reply.get("number") in (None, text["toNumber"])
        wanted = (reply.get("match") or reply.get("keyword") or "").lower()
        if meant and wanted in text["message"].lower():
            _answer(world, text, reply["message"])
            return


def _answer(world: World, text: Record, message: str) -> None:
    """Answer an inbound text by itself, as far as the credits go."""
    if credits_left(world) < TEXT_COST * segments(message):
        return
    target = Target(text["fromNumber"], valid=True, contact=None, given={})
    dispatch(world, TEXTS, [create(world, TEXTS, target, message=message, fromNumber=text["toNumber"])])
