"""Texts: sent, received, and answered automatically."""

from typing import Any

from sandbox.errors import BadRequest
from sandbox.world.actions import TRADES, Trade, affordable, appear_later, create, dispatch, end
from sandbox.world.billing import MEDIA_COST, TEXT_COST, segments
from sandbox.world.query import Record
from sandbox.world.recipients import Target, from_number, targets
from sandbox.world.state import SHORT_CODE, World

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
    return {
        "message": given.get("message") or message or campaign.get("message", ""),
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
    _auto_reply(world, text)
    return text


def _opt_out(world: World, sender: str, message: str) -> None:
    if message.strip().upper() in STOP_WORDS and not world["dncs"].where(number=sender, text=True):
        entry = {"number": sender, "text": True, "call": False, "source": "STOP", "created": world.time()}
        world["dncs"].add({**entry, "campaignId": 0})


def _auto_reply(world: World, text: Record) -> None:
    for reply in world["auto_replies"]:
        meant = reply.get("number") in (None, text["toNumber"])
        wanted = (reply.get("match") or reply.get("keyword") or "").lower()
        if meant and wanted in text["message"].lower():
            target = Target(text["fromNumber"], True, None, {})
            words = {"message": reply["message"], "fromNumber": text["toNumber"]}
            dispatch(world, TEXTS, [create(world, TEXTS, target, **words)])
            return
