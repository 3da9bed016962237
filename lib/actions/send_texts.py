"""Send texts

Text one or more people, each with a text of its own or the common one. Nobody gets a text twice, however often the
message comes again, and each recipient has a row that says what became of it.
"""

from lib.callfire import CAMPAIGN_ID, FIELDS, POST, STRICT_VALIDATION, list_as, models, results_of, text
from lib.callfire.operation.selects import text_broadcasts
from lib.callfire.sending import SendOperation

operation = SendOperation(
    POST("/texts"),
    query=(
        text("defaultMessage", "Text for every recipient that has none of its own."),
        CAMPAIGN_ID.but("Broadcast to send through, with its settings; none is needed."),
        STRICT_VALIDATION,
        FIELDS,
    ),
    body=list_as(models("recipients", "TextRecipient", "Who is texted.", limits={"minItems": 1})),
    returns=results_of("Text"),
    selects={"campaignId": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
form_fields = operation.form_fields
