"""Send texts

Text one or more people at once, up to 1000 in one message. Each recipient may get a text of its own or the common one.
What goes out is never sent again by itself when it is not known whether CallFire took it.
"""

from lib.callfire import CAMPAIGN_ID, FIELDS, POST, STRICT_VALIDATION, Operation, list_as, models, results_of, text
from lib.callfire.selects import text_broadcasts

operation = Operation(
    POST("/texts"),
    query=(
        text("defaultMessage", "Text for every recipient that has none of its own."),
        CAMPAIGN_ID.but("Broadcast to send through, with its settings; none is needed."),
        STRICT_VALIDATION,
        FIELDS,
    ),
    body=list_as(models("recipients", "TextRecipient", "Who is texted.", limits={"minItems": 1, "maxItems": 1000})),
    returns=results_of("Text"),
    selects={"campaignId": text_broadcasts},
)
process = operation.process
