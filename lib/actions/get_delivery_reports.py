"""Lookup Text Delivery Reports

Returns the delivery results of sent texts, filtered by time, broadcast, number, carrier, content or result. A report
can arrive up to 72 hours after the text.
"""

from lib.callfire import FROM_NUMBER, GET, PAGE, TO_NUMBER, Operation, integer, page_of, text
from lib.callfire.models.values import DELIVERY_CATEGORIES, DELIVERY_STATES
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    GET("/reports/delivery"),
    query=(
        text("startDate", "First day, e.g. 2024-05-31. CallFire does not document the accepted formats."),
        text("endDate", "Last day, e.g. 2024-06-30. CallFire does not document the accepted formats."),
        integer("campaignId", "Only texts of this broadcast."),
        FROM_NUMBER,
        TO_NUMBER,
        text("deliveryCategory", "Only texts with this category of result.", choices=DELIVERY_CATEGORIES),
        text("deliveryState", "Only texts with this result.", choices=DELIVERY_STATES),
        text("carrier", "Only texts to recipients of this carrier."),
        text("messageText", "Only texts with this content."),
        *PAGE,
    ),
    returns=page_of("DeliveryReport", key=()),
    selects={"campaignId": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
