"""Send calls

Call one or more people, with a sound, a spoken text or an IVR dialplan for each. Needs credits and a caller ID that is
verified. Nobody is called twice, however often the message comes again, and each recipient has a row that says what
became of it.
"""

from lib.callfire import (
    CAMPAIGN_ID,
    FIELDS,
    POST,
    STRICT_VALIDATION,
    integer,
    list_as,
    models,
    results_of,
    text,
)
from lib.callfire.models.values import VOICES
from lib.callfire.operation.selects import call_broadcasts, sounds
from lib.callfire.sending import CALLS, SendOperation

operation = SendOperation(
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
    body=list_as(models("recipients", "CallRecipient", "Who is called.", limits={"minItems": 1})),
    returns=results_of("Call"),
    selects={
        "campaignId": call_broadcasts,
        "defaultLiveMessageSoundId": sounds,
        "defaultMachineMessageSoundId": sounds,
    },
    channel=CALLS,
)
process = operation.process
get_meta_model = operation.get_meta_model
form_fields = operation.form_fields
