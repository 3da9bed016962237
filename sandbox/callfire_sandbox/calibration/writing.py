"""Questions that write: each creates what its plan names, asks, and deletes it again. Nothing is sent."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from callfire_sandbox.calibration.asker import Asker
from callfire_sandbox.calibration.reading import Values, proven

NAME = "callfire-sandbox calibrate"
NUMBER = "12135550199"
"""A number that is reserved for examples."""
FLAGS = ("call", "text")


def with_writes(asker: Asker) -> Values:
    """Return the switch values that writing proves."""
    values: Values = {}
    for question, _ in WRITES:
        values |= proven(question, asker)
    return values


def contacts_and_lists(asker: Asker) -> Values:
    """Ask with a contact and a list that contains it."""
    values: Values = {}
    with ExitStack() as stack:
        made = asker.send("POST", "/contacts", body=[{"firstName": NAME, "homePhone": NUMBER}])
        if not made.items:
            return {}
        contact = made.items[0]["id"]
        stack.callback(asker.send, "DELETE", f"/contacts/{contact}")
        changed = asker.send("PUT", f"/contacts/{contact}", body={"lastName": NAME})
        if changed.ok and not changed.has_body:
            values["empty_status"] = changed.status
        listed = asker.send("POST", "/contacts/lists", body={"name": NAME, "contactIds": [contact]})
        if listed.ok:
            stack.callback(asker.send, "DELETE", f"/contacts/lists/{listed.json['id']}")
            if listed.json.get("status") == "VALIDATING" and "size" in listed.json:
                values["list_items_at_once"] = listed.json["size"] > 0
    return values


def deleted_numbers(asker: Asker) -> Values:
    """Ask with a number on the do-not-contact list, unless the account has it there already."""
    path = f"/contacts/dncs/{NUMBER}"
    before = asker.get(path)
    if before.ok and any(before.json.get(flag) for flag in FLAGS):
        return {}
    if not before.ok and before.status != 404:
        return {}
    if before.status == 404:
        if not asker.send("POST", "/contacts/dncs", body={"numbers": [NUMBER], "source": NAME}).ok:
            return {}
        if not asker.send("DELETE", path).ok:
            return {}
        before = asker.get(path)
    if before.status == 404:
        return {"deleted_dnc": "not_found"}
    return {"deleted_dnc": "flags"} if before.ok and not any(before.json.get(flag) for flag in FLAGS) else {}


def broadcasts(asker: Asker) -> Values:
    """Ask with a text broadcast that never starts, with one invalid number or without recipients."""
    values: Values = {}
    body = {"name": NAME, "message": NAME}
    made = asker.send("POST", "/texts/broadcasts", body={**body, "recipients": [{"phoneNumber": "12"}]})
    refused = made.status == 400
    if refused:
        made = asker.send("POST", "/texts/broadcasts", body=body)
    if not made.ok:
        return {}
    values["bad_number"] = "refuse" if refused else "invalid"
    number = made.json["id"]
    try:
        changed = asker.send("PUT", f"/texts/broadcasts/{number}", body={"name": NAME})
        if changed.ok:
            values["update_answers_id"] = isinstance(changed.json, dict) and "id" in changed.json
    finally:
        asker.send("POST", f"/texts/broadcasts/{number}/archive")
    return values


WRITES: tuple[tuple[Callable[[Asker], dict[str, Any]], str], ...] = (
    (contacts_and_lists, f"a contact and a contact list named {NAME!r}, both deleted afterwards"),
    (deleted_numbers, f"a do-not-contact entry for {NUMBER}, deleted at once, unless one exists"),
    (broadcasts, f"a text broadcast named {NAME!r}, never started, archived afterwards"),
)
"""Every question with what it creates."""
