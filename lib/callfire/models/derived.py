"""Objects that the connector derives from those of CallFire."""

from lib.callfire.models.calls import CALL_RECORDING
from lib.callfire.models.shared_fields import numbers_of, times_of
from lib.callfire.models.texts import TEXT
from lib.callfire.operation.fields import Model, boolean, integer, models, moment, text

CONVERSATION_ITEM = Model(
    "ConversationItem",
    "A text or call of a conversation, with all properties of CallFire's text or call.",
    (
        text("type", "text or call.", choices=("text", "call")),
        *numbers_of("text or call", form="11 digits or a short code"),
        text("message", "Content of a text."),
        text("state", "Progress. FINISHED is final; READY and SELECTED wait for processing."),
        text("result", "Final result of the text or call, e.g. SENT, RECEIVED or LA (live answer)."),
        models("media", "Media", "Pictures, sounds and videos of a text."),
        *times_of("text or call"),
    ),
)

TEXT_RESULT = Model(
    "TextResult",
    "A sent text with its final state.",
    (
        text(
            "outcome",
            "delivered, failed, retryLater (a retry may succeed) or optedOut (on a do-not-contact list).",
            choices=("delivered", "failed", "retryLater", "optedOut"),
        ),
        *TEXT.fields,
    ),
)

OPT_OUT = Model(
    "OptOut",
    "A number that has opted out.",
    (
        text("number", "Phone number that has opted out, 11 digits."),
        text(
            "source", "text: an opt-out word. dncList: an entry of the account's DNC list.", choices=("text", "dncList")
        ),
        moment("created", "Time of the text or entry, in Unix milliseconds."),
        text("message", "Content of the text."),
        text("toNumber", "Number of the account that received the text."),
        integer("textId", "ID of the text.", label="Text ID"),
        boolean("call", "DNC list: true: the number must not be called."),
        boolean("text", "DNC list: true: the number must not receive texts."),
        boolean("inboundCall", "DNC list: true: calls from the number are rejected."),
        boolean("inboundText", "DNC list: true: texts from the number are rejected."),
        text("dncSource", "Source of the entry.", label="DNC Source"),
        integer("campaignId", "Broadcast that caused the entry."),
    ),
)

RECORDED_CALL = Model(
    "RecordedCall",
    "A recording with its file and the numbers of the call.",
    (
        text("fromNumber", "Number of the caller, 11 digits."),
        text("toNumber", "Number that was called, 11 digits."),
        boolean("inbound", "true: received by the account. false: made by the account."),
        *CALL_RECORDING.fields,
        text("attachmentUrl", "URL of the MP3 file in the platform's storage.", label="Attachment URL"),
        text("fileName", "Name of the file, and of the attachment of the message."),
        text("contentType", "Media type of the file, e.g. audio/mpeg."),
        integer("size", "Size of the file in bytes."),
        text("fileError", "Reason why the recording has no file."),
    ),
)

MODELS = (CONVERSATION_ITEM, TEXT_RESULT, OPT_OUT, RECORDED_CALL)
