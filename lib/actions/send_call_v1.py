"""Send Calls (API 1.1)

Calls many recipients as a broadcast with CallFire's API 1.1, which CallFire no longer develops. Use Send Calls or a
call broadcast in new flows.
"""

from collections.abc import Iterator
from typing import Any

from elasticio import Message, Step

from lib.callfire.api.client import Request, client_for
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import InvalidInput, free_texts
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import boolean, integer, model, models, text, texts
from lib.callfire.operation.operation import Operation, Payload, Route
from lib.callfire.operation.returns import created

deprecated = True
operation = Operation(
    Route("SOAP", "/calls"),
    query=(
        text("requestId", "Identifies the request. CallFire executes a request only once.", label="Request ID"),
        text(
            "type", "VOICE for sounds, IVR for a dialplan. Default: derived from the config.", choices=("VOICE", "IVR")
        ),
        text("broadcastName", "Name of the broadcast. Default: API Send.", default="API Send"),
        models(
            "toNumber",
            "ToNumberV1",
            "Recipients of the calls.",
            label="To Numbers",
            required=True,
            limits={"minItems": 1},
        ),
        boolean("scrubBroadcastDuplicates", "true: call each number only once."),
        texts("label", "Labels of the broadcast.", label="Labels"),
        integer("maxActive", "Maximum number of calls at the same time."),
        model("voiceBroadcastConfig", "VoiceBroadcastConfigV1", "Sounds and texts that recipients hear."),
        model("ivrBroadcastConfig", "IvrBroadcastConfigV1", "IVR dialplan, instead of sounds."),
    ),
    returns=created("ID of the broadcast that was created."),
)


def process(step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG001
    """Create the broadcast and emit its ID."""
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
        answer = client.call(request)
        secrets = (*client.secrets, *free_texts(values))
        created_id = soap.created_id(answer, repeatable=request.repeatable, secrets=secrets)
        yield {"body": {"id": created_id}}


def _with_plain_numbers(body: Any) -> Any:
    """Return the body with each bare number converted to a recipient."""
    if not isinstance(body, dict) or "toNumber" not in body:
        return body
    given = body["toNumber"] if isinstance(body["toNumber"], list) else [body["toNumber"]]
    return body | {"toNumber": [entry if isinstance(entry, dict) else {"number": entry} for entry in given]}


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs with `type`.

    Raises `InvalidInput` unless exactly one config is given, with at most one sound or text per purpose.
    """
    configs = [name for name in ("voiceBroadcastConfig", "ivrBroadcastConfig") if name in values]
    if len(configs) != 1:
        raise InvalidInput(
            "voiceBroadcastConfig: exactly one of voiceBroadcastConfig and ivrBroadcastConfig is required."
        )
    kind = "VOICE" if configs == ["voiceBroadcastConfig"] else "IVR"
    if values.setdefault("type", kind) != kind:
        raise InvalidInput(f"type: must be {kind} with {configs[0]}.")
    for sound in ("live", "machine", "transfer", "dnc"):
        if {f"{sound}SoundText", f"{sound}SoundId"} <= values[configs[0]].keys():
            raise InvalidInput(f"{configs[0]}.{sound}SoundText: must not be given with {sound}SoundId. Remove one.")
    return values
