"""Objects that the connector derives from those of CallFire."""

from lib.callfire.models.shared_fields import numbers_of, times_of
from lib.callfire.models.texts import TEXT
from lib.callfire.operation.fields import Model, models, text

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

MODELS = (CONVERSATION_ITEM, TEXT_RESULT)
