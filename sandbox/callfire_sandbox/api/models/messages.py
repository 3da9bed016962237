"""Texts and calls: sent, received, and their results."""

from callfire_sandbox.api.models.enums import (
    ACTION_STATE,
    CALL_RESULT,
    DELIVERY_CATEGORY,
    DELIVERY_STATE,
    TEXT_RESULT,
    VOICE,
)
from callfire_sandbox.api.schema import (
    BOOLEAN,
    DATE_TIME,
    FLOAT,
    INT,
    LONG,
    STRING,
    STRING_MAP,
    TIME,
    about,
    list_of,
    model,
    one_of,
    read_only,
    ref,
)

ATTRIBUTES = about(STRING_MAP, "Values of your own, as text, which the text or call returns.")
BATCH_ID = read_only(about(LONG, "Id of the batch. Everything sent with one request has the same one."))
BILLED = read_only(about(FLOAT, "Credits that were billed."))
CALLER_NAME = read_only(about(STRING, "Name of the caller, if known."))
CAMPAIGN_ID = read_only(about(LONG, "Id of the broadcast. 0 if it was sent outside of a broadcast."))
CONTACT = ref("Contact", "The contact at the other end.")
CREATED = read_only(about(TIME, "Time at which the item was created."))
FINISHED = read_only(about(TIME, "Time at which the attempt finished."))
INBOUND = about(BOOLEAN, "Whether the account received it.")
LABELS = about(list_of(STRING, unique=True), "Labels.")
MODIFIED = read_only(about(TIME, "Time of the last change."))
RECIPIENT_CONTACT = about(LONG, "Id of the contact to send to. Required without phoneNumber.")
RECIPIENT_NUMBER = about(STRING, "Number to send to, as 11 digits. Required without contactId.")
STATE = read_only(about(ACTION_STATE, "State: READY at first, FINISHED at the end."))
SWITCH_ID = read_only(about(STRING, "Id of the exchange that handled it."))

model(
    "Note",
    "A note of an agent.",
    created=about(TIME, "Time of the note."),
    text=about(STRING, "The note."),
)
model(
    "QuestionResponse",
    "An answer that a called person gave.",
    question=about(STRING, "The question."),
    response=about(STRING, "The answer."),
)
model(
    "TextRecord",
    "One attempt to send a text, or one reception.",
    billedAmount=BILLED,
    callerName=CALLER_NAME,
    finishTime=FINISHED,
    id=about(LONG, "Id of the record."),
    labels=read_only(LABELS),
    message=about(STRING, "The message."),
    switchId=SWITCH_ID,
    textResult=about(TEXT_RESULT, "Result of the attempt."),
    toNumber=read_only(about(STRING, "Number that the text went to.")),
)
TEXT = model(
    "Text",
    "A text message (SMS or MMS).",
    attributes=ATTRIBUTES,
    batchId=BATCH_ID,
    campaignId=CAMPAIGN_ID,
    contact=CONTACT,
    created=CREATED,
    finalTextResult=read_only(about(TEXT_RESULT, "Final result. Absent until the text is finished.")),
    fromNumber=about(STRING, "Sender: a number as 11 digits, or a short code."),
    id=about(LONG, "Id of the text."),
    inbound=INBOUND,
    labels=LABELS,
    media=about(list_of(ref("Media")), "Media of the text."),
    message=about(STRING, "The message."),
    modified=MODIFIED,
    records=about(list_of(ref("TextRecord")), "Attempts, or the reception."),
    state=STATE,
    toNumber=about(STRING, "Recipient: a number as 11 digits, or a short code."),
)
CALL_RECORDING = model(
    "CallRecording",
    "A recording of a call.",
    callId=about(LONG, "Id of the call."),
    campaignId=about(LONG, "Id of the broadcast, or 0."),
    created=about(TIME, "Time of the recording."),
    hash=about(STRING, "Hash of the recording."),
    id=about(LONG, "Id of the recording."),
    lengthInBytes=about(LONG, "Size in bytes."),
    lengthInSeconds=about(INT, "Length in seconds."),
    mp3Url=about(STRING, "URL of the MP3 file."),
    name=about(STRING, "Name of the recording."),
    state=about(one_of("RECORDING", "READY", "ERROR"), "State of the recording."),
)
model(
    "CallRecord",
    "One attempt to call, or one reception.",
    answerTime=read_only(about(TIME, "Time of the answer. Absent without an answer.")),
    billedAmount=BILLED,
    callResult=read_only(about(CALL_RESULT, "Same as result, under the name of older responses.")),
    callerName=CALLER_NAME,
    duration=read_only(about(LONG, "Duration of the conversation in seconds.")),
    finishTime=FINISHED,
    id=about(LONG, "Id of the record."),
    labels=read_only(LABELS),
    notes=about(list_of(ref("Note")), "Notes of agents."),
    originateTime=read_only(about(TIME, "Time at which the number was dialed.")),
    questionResponses=about(list_of(ref("QuestionResponse")), "Answers of the called person."),
    recordings=about(list_of(ref("CallRecording")), "Recordings of the call."),
    result=read_only(about(CALL_RESULT, "Result of the attempt.")),
    switchId=SWITCH_ID,
    toNumber=read_only(about(STRING, "Number that was called.")),
)
CALL = model(
    "Call",
    "A call.",
    agentCall=read_only(about(BOOLEAN, "Whether an agent took part.")),
    attributes=ATTRIBUTES,
    batchId=BATCH_ID,
    campaignId=CAMPAIGN_ID,
    contact=CONTACT,
    created=CREATED,
    finalCallResult=read_only(about(CALL_RESULT, "Final result. Absent until the call is finished.")),
    fromNumber=about(STRING, "Caller, as 11 digits."),
    id=about(LONG, "Id of the call."),
    inbound=INBOUND,
    labels=LABELS,
    modified=MODIFIED,
    notes=about(list_of(ref("Note")), "Notes of agents."),
    records=read_only(about(list_of(ref("CallRecord")), "Attempts, or the reception.")),
    state=STATE,
    toNumber=about(STRING, "Called number, as 11 digits."),
)
RECIPIENT = model(
    "Recipient",
    "A recipient of a broadcast.",
    attributes=ATTRIBUTES,
    contactId=RECIPIENT_CONTACT,
    fromNumber=about(STRING, "Sender for this recipient."),
    phoneNumber=RECIPIENT_NUMBER,
)
TEXT_RECIPIENT = model(
    "TextRecipient",
    "A recipient of a text.",
    attributes=ATTRIBUTES,
    contactId=RECIPIENT_CONTACT,
    fromNumber=about(STRING, "Sender for this recipient: a leased number or a short code."),
    media=about(list_of(ref("Media")), "Media for this recipient. Only their ids are needed."),
    message=about(STRING, "Message for this recipient. Default: the common message."),
    phoneNumber=RECIPIENT_NUMBER,
)
CALL_RECIPIENT = model(
    "CallRecipient",
    "A recipient of a call.",
    attributes=ATTRIBUTES,
    contactId=RECIPIENT_CONTACT,
    dialplanXml=about(STRING, "IVR dialplan for this call."),
    fromNumber=about(STRING, "Caller ID: a verified caller ID or a leased number."),
    liveMessage=about(STRING, "Text-to-speech message for a live answer."),
    liveMessageSoundId=about(LONG, "Id of the sound for a live answer."),
    machineMessage=about(STRING, "Text-to-speech message for an answering machine."),
    machineMessageSoundId=about(LONG, "Id of the sound for an answering machine."),
    phoneNumber=RECIPIENT_NUMBER,
    transferDigit=about(STRING, "Digit that transfers the call."),
    transferMessage=about(STRING, "Text-to-speech message that offers the transfer."),
    transferMessageSoundId=about(LONG, "Id of the sound that offers the transfer."),
    transferNumber=about(STRING, "Number that the call is transferred to."),
    voice=about(VOICE, "Voice of the messages."),
)
TEXT_AUTO_REPLY = model(
    "TextAutoReply",
    "An automatic reply to inbound texts.",
    id=about(LONG, "Id of the auto-reply."),
    keyword=about(STRING, "Keyword that the text must contain."),
    match=about(STRING, "Text that the message must contain, ignoring case. Default: every text matches."),
    message=about(STRING, "The reply."),
    number=about(STRING, "Number that received the text. Default: all numbers of the account."),
)
DELIVERY_REPORT = model(
    "DeliveryReport",
    "The carrier's report on an outbound text.",
    campaignId=about(LONG, "Id of the broadcast, or 0."),
    carrier=about(STRING, "Carrier of the recipient."),
    deliveryCategory=about(DELIVERY_CATEGORY, "Category of the result."),
    deliveryState=about(DELIVERY_STATE, "Result in detail."),
    fromNumber=about(STRING, "Sender."),
    messageText=about(STRING, "The message."),
    toNumber=about(STRING, "Recipient."),
    updated=about(DATE_TIME, "Time of the report."),
)
CONTACT_HISTORY = model(
    "ContactHistory",
    "Texts and calls of a contact.",
    calls=about(list_of(ref("Call")), "Calls from and to the contact, newest first."),
    id=about(LONG, "Id of the contact."),
    texts=about(list_of(ref("Text")), "Texts from and to the contact, newest first."),
)
