"""Texts, text broadcasts and automatic replies."""

from lib.callfire.models.values import BROADCAST_STATUSES, STATES, TEXT_RESULTS
from lib.callfire.operation.fields import (
    Model,
    boolean,
    integer,
    model,
    models,
    moment,
    number,
    phone_as_given,
    string_map,
    text,
    texts,
)

TEXT = Model(
    "Text",
    "One text message, sent or received.",
    (
        integer("id", "CallFire's id of the text."),
        text("fromNumber", "Number it came from: 11 digits (12132000384) or a short code."),
        text("toNumber", "Number it went to: 11 digits or a short code."),
        text("message", "What it says."),
        boolean("inbound", "true: received by you; false: sent by you."),
        text(
            "state",
            "How far it is: FINISHED is the end, READY and SELECTED wait to go out.",
            choices=STATES,
            answered=True,
        ),
        text(
            "finalTextResult",
            "How it ended: SENT, RECEIVED, DNT (on a do-not-contact list), TOO_BIG, or what went wrong.",
            choices=TEXT_RESULTS,
            answered=True,
            label="Final result",
        ),
        integer("campaignId", "Broadcast it belongs to.", answered=True),
        integer("batchId", "Batch of recipients it belongs to.", answered=True),
        model("contact", "Contact", "The contact on the other side."),
        string_map("attributes", "Your own values, as given with the recipient."),
        texts("labels", "Labels it carries."),
        models("media", "Media", "Pictures, sounds and films that came with it."),
        models("records", "TextRecord", "Each attempt to deliver it."),
        moment("created", "When CallFire took it on, in Unix milliseconds.", answered=True),
        moment("modified", "When it last changed, in Unix milliseconds.", answered=True),
    ),
)

TEXT_RECORD = Model(
    "TextRecord",
    "One attempt to deliver a text.",
    (
        integer("id", "CallFire's id of the attempt."),
        text("textResult", "How the attempt ended.", choices=TEXT_RESULTS, label="Result"),
        text("message", "What was sent in it."),
        text("toNumber", "Number it went to.", answered=True),
        text("callerName", "Name the carrier gave for the other side.", answered=True),
        number("billedAmount", "Credits it cost.", answered=True),
        text("switchId", "The carrier's switch that took it.", answered=True),
        texts("labels", "Labels the attempt carries.", answered=True),
        moment("finishTime", "When it ended, in Unix milliseconds.", answered=True),
    ),
)

TEXT_RECIPIENT = Model(
    "TextRecipient",
    "Who gets a text, and what only this recipient gets.",
    (
        phone_as_given(
            "phoneNumber", "Number to text: 11 digits with country code, e.g. 12132000384. Give this or a contact ID."
        ),
        integer("contactId", "Contact to text at its mobile number, instead of a phone number."),
        text("message", "Text for this recipient, in place of the common one."),
        phone_as_given("fromNumber", "Number or short code to send from; CallFire's short code without it."),
        models(
            "media", "Media", "Pictures, sounds or films to send along (MMS); the ID of an uploaded file is enough."
        ),
        string_map("attributes", "Values of your own, e.g. an order number: they come back on the text that is sent."),
    ),
    one_of=("phoneNumber", "contactId"),
)

TEXT_BROADCAST = Model(
    "TextBroadcast",
    "A campaign that sends texts to many recipients.",
    (
        text("name", "Name of the broadcast, for you to find it again."),
        text("message", "Text that every recipient without one of its own gets."),
        phone_as_given("fromNumber", "Number or short code to send from; CallFire's short code without it."),
        models("recipients", "TextRecipient", "Who gets it. More can be added later."),
        models(
            "media", "Media", "Pictures, sounds or films to send along (MMS); the ID of an uploaded file is enough."
        ),
        text(
            "bigMessageStrategy",
            "What to do with a message of more than 160 characters: SEND_MULTIPLE (several texts, CallFire's default), "
            "DO_NOT_SEND, TRIM, or MMS.",
            choices=("SEND_MULTIPLE", "DO_NOT_SEND", "TRIM", "MMS"),
        ),
        models("schedules", "Schedule", "When the broadcast runs; without it, it runs when it is started."),
        model(
            "localTimeRestriction",
            "LocalTimeRestriction",
            "Hours in which recipients may be texted, in their local time.",
        ),
        integer("maxActive", "How many texts may be under way at the same time."),
        boolean("resumeNextDay", "true: go on the next day with recipients who were left over."),
        texts("labels", "Labels to find the broadcast by."),
        integer("id", "CallFire's id of the broadcast.", answered=True),
        text("status", "Where the broadcast stands.", choices=BROADCAST_STATUSES, answered=True),
        moment("lastModified", "When it last changed, in Unix milliseconds.", answered=True),
    ),
)

TEXT_BROADCAST_STATS = Model(
    "TextBroadcastStats",
    "Figures of a text broadcast.",
    (
        integer("totalOutboundCount", "Texts to send in all."),
        integer("remainingOutboundCount", "Texts still to be sent."),
        integer("sentCount", "Texts sent."),
        integer("unsentCount", "Texts not sent."),
        integer("recievedCount", "Texts received (CallFire spells it so).", label="Received count"),
        integer("doNotTextCount", "Recipients left out because they are on a do-not-contact list."),
        integer("tooBigCount", "Texts that were too long to send."),
        integer("errorCount", "Texts that failed."),
        number("billedAmount", "Credits used so far."),
    ),
)

TEXT_AUTO_REPLY = Model(
    "TextAutoReply",
    "An answer CallFire sends by itself to a text that comes in.",
    (
        text("number", "Your number the text comes in on, 11 digits."),
        text("keyword", "Your keyword the text comes in on, instead of a number."),
        text("match", "Answer only texts that contain this, upper or lower case; all texts without it."),
        text("message", "What to answer."),
        integer("id", "CallFire's id of the automatic reply.", answered=True),
    ),
)

MODELS = (TEXT, TEXT_RECORD, TEXT_RECIPIENT, TEXT_BROADCAST, TEXT_BROADCAST_STATS, TEXT_AUTO_REPLY)
