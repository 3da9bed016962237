"""Send calls

Call up to 10 people at once, with a sound, a spoken text or an IVR dialplan for each. Needs credits and a caller ID
that is verified. Calls are never made again by themselves when it is not known whether CallFire took them.
"""

from lib.callfire import (
    CAMPAIGN_ID,
    FIELDS,
    POST,
    STRICT_VALIDATION,
    Operation,
    integer,
    list_as,
    models,
    results_of,
    text,
)
from lib.callfire.models.values import VOICES
from lib.callfire.selects import call_broadcasts, sounds

operation = Operation(
    POST("/calls"),
    query=(
        text("defaultLiveMessage", "Text to speak when a person answers, for recipients without one of their own."),
        text(
            "defaultMachineMessage",
            "Text to speak when an answering machine answers, for recipients without one of their own.",
        ),
        integer(
            "defaultLiveMessageSoundId", "Sound to play when a person answers, for recipients without one of their own."
        ),
        integer(
            "defaultMachineMessageSoundId",
            "Sound to play when an answering machine answers, for recipients without one of their own.",
        ),
        text("defaultVoice", "Voice that speaks the texts, unless a recipient has another.", choices=VOICES),
        CAMPAIGN_ID.but("Broadcast to call through, with its settings; none is needed."),
        STRICT_VALIDATION,
        FIELDS,
    ),
    body=list_as(
        models("recipients", "CallRecipient", "Who is called, 10 at most.", limits={"minItems": 1, "maxItems": 10})
    ),
    returns=results_of("Call"),
    selects={
        "campaignId": call_broadcasts,
        "defaultLiveMessageSoundId": sounds,
        "defaultMachineMessageSoundId": sounds,
    },
)
process = operation.process
