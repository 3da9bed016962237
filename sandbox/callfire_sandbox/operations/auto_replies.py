"""Auto-replies to inbound texts (`/texts/auto-replys`)."""

from callfire_sandbox.api.models.common import RESOURCE_ID
from callfire_sandbox.api.models.messages import TEXT_AUTO_REPLY
from callfire_sandbox.api.operation import Request, operation
from callfire_sandbox.api.resources import Resource, equals
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.recipients import receives_texts

AUTO_REPLIES = Resource("auto_replies", "auto reply", TEXT_AUTO_REPLY)
AUTO_REPLIES.find("findTextAutoReplys", "GET /texts/auto-replys", "Find auto replies", equals("number", index=True))
AUTO_REPLIES.get("getTextAutoReply", "GET /texts/auto-replys/{id}", "Find a specific auto reply")


@operation("createTextAutoReply", "POST /texts/auto-replys", body=TEXT_AUTO_REPLY, returns=RESOURCE_ID, status=201)
def create_text_auto_reply(request: Request) -> Record:
    """Create an auto reply"""
    given = {name: value for name, value in request.body.items() if name != "id"}
    if not given.get("message"):
        raise BadRequestError("message: is required.")
    if "number" in given:
        given["number"] = normal(given["number"], short_codes=True)
        if given["number"] is None:
            raise BadRequestError("number: this is not a phone number. Use 11 digits or a short code.")
        if not receives_texts(request.world, given["number"]):
            raise BadRequestError("number: the number is not leased, or its texts are disabled. Lease it first.")
    return {"id": request.world["auto_replies"].add({"id": request.world.new_id(), **given})["id"]}


@operation("deleteTextAutoReply", "DELETE /texts/auto-replys/{id}")
def delete_text_auto_reply(request: Request) -> None:
    """Delete an auto reply"""
    request.world["auto_replies"].remove(AUTO_REPLIES.need(request))
