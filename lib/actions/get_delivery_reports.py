"""Find delivery reports

What became of your texts, by time, broadcast, number, carrier, wording or outcome. Reports may come up to 72 hours
after a text.
"""

from lib.callfire import FROM_NUMBER, GET, PAGE, TO_NUMBER, Operation, integer, page_of, text
from lib.callfire.models.values import DELIVERY_CATEGORIES, DELIVERY_STATES
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    GET("/reports/delivery"),
    query=(
        text(
            "startDate", "Only reports from this day on, e.g. 2024-05-31. CallFire does not say which forms it takes."
        ),
        text("endDate", "Only reports up to this day, e.g. 2024-06-30. CallFire does not say which forms it takes."),
        integer("campaignId", "Only texts of this broadcast."),
        FROM_NUMBER,
        TO_NUMBER,
        text("deliveryCategory", "Only texts with this rough outcome.", choices=DELIVERY_CATEGORIES),
        text("deliveryState", "Only texts with this exact outcome.", choices=DELIVERY_STATES),
        text("carrier", "Only texts to recipients of this carrier."),
        text("messageText", "Only texts that say this."),
        *PAGE,
    ),
    returns=page_of("DeliveryReport", key=()),
    selects={"campaignId": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
