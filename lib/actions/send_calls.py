"""Send Calls

Calls one or more recipients and plays a sound, a text-to-speech message or an IVR dialplan. Prevents duplicates when
the platform redelivers a message.
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
from lib.callfire.operation.selects import call_broadcasts, caller_ids, sounds
from lib.callfire.sending import CALLS, SendOperation

operation = SendOperation(
    POST("/calls"),
    query=(
        text("defaultLiveMessage", "Text-to-speech message for a live answer, for recipients without one."),
        text(
            "defaultMachineMessage",
            "Text-to-speech message for an answering machine, for recipients without one.",
        ),
        integer("defaultLiveMessageSoundId", "Sound for a live answer, for recipients without one."),
        integer(
            "defaultMachineMessageSoundId",
            "Sound for an answering machine, for recipients without one.",
        ),
        text("defaultVoice", "Text-to-speech voice, for recipients without one.", choices=VOICES),
        CAMPAIGN_ID.but("Broadcast whose settings are used. Default: none."),
        STRICT_VALIDATION,
        FIELDS,
    ),
    body=list_as(models("recipients", "CallRecipient", "Recipients of the calls.", limits={"minItems": 1})),
    returns=results_of("Call"),
    selects={
        "fromNumber": caller_ids,
        "campaignId": call_broadcasts,
        "defaultLiveMessageSoundId": sounds,
        "defaultMachineMessageSoundId": sounds,
    },
    channel=CALLS,
)
process = operation.process
get_meta_model = operation.get_meta_model
form_fields = operation.form_fields
