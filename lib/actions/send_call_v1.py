"""Send calls with API 1.1

CallFire's old way to call many numbers at once as a broadcast. Use "Send calls" or a call broadcast for anything new;
CallFire no longer develops this one. With a request ID a repeat is recognised by CallFire, without one it is not.
"""

from collections.abc import Iterator
from typing import Any

from elasticio import Message, Step

from lib.callfire.api.client import Request, client_for
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import InvalidInput
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import boolean, integer, model, models, text, texts
from lib.callfire.operation.operation import Operation, Payload, Route
from lib.callfire.operation.returns import created

deprecated = True
operation = Operation(
    Route("SOAP", "/calls"),
    query=(
        text(
            "requestId", "A name of your own for this request: CallFire carries it out once only.", label="Request ID"
        ),
        text(
            "type", "VOICE for sounds, IVR for a dialplan; made of what is given without it.", choices=("VOICE", "IVR")
        ),
        text("broadcastName", "Name of the broadcast; API Send without it."),
        models("toNumber", "ToNumberV1", "Who is called.", label="To numbers", required=True, limits={"minItems": 1}),
        boolean("scrubBroadcastDuplicates", "true: call a number that is there twice only once."),
        texts("label", "Labels to find the broadcast by.", label="Labels"),
        integer("maxActive", "How many calls may be under way at the same time."),
        model("voiceBroadcastConfig", "VoiceBroadcastConfigV1", "What recipients hear."),
        model("ivrBroadcastConfig", "IvrBroadcastConfigV1", "The dialplan recipients go through, in place of sounds."),
    ),
    returns=created("ID of the broadcast that was created."),
)


def process(step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG001
    """Send the calls and emit the id of the broadcast."""
    from lib.callfire import soap  # noqa: PLC0415 (loads zeep, which no other action needs)

    with rebounding(config):
        values = _checked(operation.inputs(_with_plain_numbers(message.body), config))
        server = soap.server_for(Credentials.from_config(config).server)
        client = client_for({**config, "server": server})
        request = Request(
            "POST",
            soap.PATH,
            soap.WHAT,
            body=soap.envelope(values),
            headers={"Content-Type": f'application/soap+xml; charset=utf-8; action="{soap.ACTION}"', "Accept": "*/*"},
            repeatable="requestId" in values,
            accepted=(400, 500),
            text=True,
        )
        yield {"body": {"id": soap.created_id(client.call(request), repeatable=request.repeatable)}}


def _with_plain_numbers(body: Any) -> Any:
    """Take a bare number for a recipient without values of its own."""
    if not isinstance(body, dict) or "toNumber" not in body:
        return body
    given = body["toNumber"] if isinstance(body["toNumber"], list) else [body["toNumber"]]
    return body | {"toNumber": [{"number": entry} if isinstance(entry, str) else entry for entry in given]}


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Exactly one of the two configs, and the type that goes with it; a sound or a text, not both."""
    configs = [name for name in ("voiceBroadcastConfig", "ivrBroadcastConfig") if name in values]
    if len(configs) != 1:
        raise InvalidInput("voiceBroadcastConfig: give either it or ivrBroadcastConfig")
    kind = "VOICE" if configs == ["voiceBroadcastConfig"] else "IVR"
    if values.setdefault("type", kind) != kind:
        raise InvalidInput(f"type: must be {kind} with {configs[0]}")
    for sound in ("live", "machine", "transfer", "dnc"):
        if {f"{sound}SoundText", f"{sound}SoundId"} <= values[configs[0]].keys():
            raise InvalidInput(f"{configs[0]}.{sound}SoundText: give either it or {sound}SoundId")
    return values
