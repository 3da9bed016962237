"""Send Texts (SMS)

Sends text messages (SMS/MMS) to one or more recipients. Prevents duplicates when the platform redelivers a message.
"""

from lib.callfire import CAMPAIGN_ID, FIELDS, MERGE_FIELDS, POST, STRICT_VALIDATION, list_as, models, results_of, text
from lib.callfire.operation.selects import leased_numbers, text_broadcasts
from lib.callfire.sending import SendOperation

operation = SendOperation(
    POST("/texts"),
    query=(
        text("defaultMessage", f"Text for recipients without a text. {MERGE_FIELDS}"),
        CAMPAIGN_ID.but("Broadcast whose settings are used. Default: none."),
        STRICT_VALIDATION,
        FIELDS,
    ),
    body=list_as(models("recipients", "TextRecipient", "Recipients of the texts.", limits={"minItems": 1})),
    returns=results_of("Text"),
    selects={"fromNumber": leased_numbers, "campaignId": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
form_fields = operation.form_fields
