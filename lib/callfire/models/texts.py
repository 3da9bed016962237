"""Texts, text broadcasts and auto-replies."""

from lib.callfire.models.shared_fields import (
    ATTRIBUTES,
    attempt_of,
    broadcast_status,
    numbers_of,
    progress_of,
    recipient_of,
    schedule_of,
    times_of,
)
from lib.callfire.models.values import TEXT_RESULTS
from lib.callfire.operation.common_fields import MERGE_FIELDS
from lib.callfire.operation.fields import Model, integer, models, number, phone_as_given, string_map, text

_FROM_NUMBER = phone_as_given("fromNumber", "Number or short code of the sender. Default: CallFire's short code.")
_MEDIA = models("media", "Media", "Pictures, sounds or videos (MMS). The ID of an uploaded media file is sufficient.")

TEXT = Model(
    "Text",
    "A text message, sent or received.",
    (
        *numbers_of("text", form="11 digits or a short code"),
        text("message", "Content of the text."),
        *progress_of(
            "text",
            "finalTextResult",
            "Result: SENT, RECEIVED, DNT (on a do-not-contact list), TOO_BIG, or the kind of failure.",
            TEXT_RESULTS,
        ),
        models("media", "Media", "Pictures, sounds and videos of the text."),
        models("records", "TextRecord", "Delivery attempts."),
        *times_of("text"),
    ),
)

TEXT_RECORD = Model(
    "TextRecord",
    "An attempt to deliver a text.",
    (
        integer("id", "ID of the attempt."),
        text("textResult", "Result of the attempt.", choices=TEXT_RESULTS, label="Result"),
        text("message", "Content that was sent."),
        *attempt_of(),
    ),
)

TEXT_RECIPIENT = Model(
    "TextRecipient",
    "A recipient of a text, with content for this recipient only.",
    (
        *recipient_of("send to", contact="Contact to send to, at the contact's mobile number."),
        text("message", f"Text for this recipient; default: the common text. {MERGE_FIELDS}"),
        _FROM_NUMBER,
        _MEDIA,
        string_map("attributes", ATTRIBUTES.format(noun="text")),
    ),
    one_of=("phoneNumber", "contactId"),
)

TEXT_BROADCAST = Model(
    "TextBroadcast",
    "A broadcast that sends texts to many recipients.",
    (
        text("name", "Name of the broadcast."),
        text("message", f"Text for recipients without a text. {MERGE_FIELDS}"),
        _FROM_NUMBER,
        models("recipients", "TextRecipient", "Recipients. More can be added later."),
        _MEDIA,
        text(
            "bigMessageStrategy",
            "Handling of texts with more than 160 characters: SEND_MULTIPLE (several texts), DO_NOT_SEND, TRIM or MMS. "
            "Default: SEND_MULTIPLE.",
            default="SEND_MULTIPLE",
            choices=("SEND_MULTIPLE", "DO_NOT_SEND", "TRIM", "MMS"),
        ),
        *schedule_of("send to"),
        integer("maxActive", "Maximum number of texts in progress at the same time."),
        *broadcast_status(),
    ),
)

TEXT_BROADCAST_STATS = Model(
    "TextBroadcastStats",
    "Statistics of a text broadcast.",
    (
        integer("totalOutboundCount", "Number of texts to send, including those that were sent."),
        integer("remainingOutboundCount", "Number of texts that are not sent yet."),
        integer("sentCount", "Number of texts that were sent."),
        integer("unsentCount", "Number of texts that were not sent."),
        integer("recievedCount", "Number of texts that were received (CallFire's spelling).", label="Received Count"),
        integer("doNotTextCount", "Number of recipients on a do-not-contact list (DNC)."),
        integer("tooBigCount", "Number of texts that exceeded the maximum length."),
        integer("errorCount", "Number of texts that failed."),
        number("billedAmount", "Credits charged so far."),
    ),
)

TEXT_AUTO_REPLY = Model(
    "TextAutoReply",
    "A text that CallFire sends as the reply to inbound texts.",
    (
        text("number", "Leased number that receives the texts, 11 digits."),
        text("keyword", "Leased keyword that receives the texts, instead of a number."),
        text("match", "Replies only to texts that contain this word, in upper or lower case. Default: all texts."),
        text("message", "Content of the reply."),
        integer("id", "ID of the auto-reply.", answered=True),
    ),
)

MODELS = (TEXT, TEXT_RECORD, TEXT_RECIPIENT, TEXT_BROADCAST, TEXT_BROADCAST_STATS, TEXT_AUTO_REPLY)
