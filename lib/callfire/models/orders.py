"""Orders of numbers and keywords, and delivery reports."""

from lib.callfire.models.values import DELIVERY_CATEGORIES, DELIVERY_STATES
from lib.callfire.operation.fields import Model, integer, model, moment, number, phones, text, texts

NUMBER_PURCHASE = Model(
    "NumberPurchaseRequest",
    "Numbers to lease: either specific numbers, or a count per kind.",
    (
        phones("numbers", "Specific numbers, 11 digits each, from a lookup of available numbers."),
        integer("localCount", "Number of local numbers. Map prefix, city, state or zipcode for the place."),
        integer("tollFreeCount", "Number of toll-free numbers."),
        text("prefix", "First 4 to 7 digits of the local numbers, country code included, e.g. 1213."),
        text("city", "City of the local numbers."),
        text("state", "State of the local numbers, two letters."),
        text("zipcode", "ZIP code of the local numbers, 5 digits."),
        text("promo", "Promotion code."),
    ),
)
NUMBER_ORDER = Model(
    "NumberOrder",
    "An order of numbers or keywords.",
    (
        integer("id", "ID of the order."),
        text(
            "status",
            "Status of the order: PROCESSING, then FINISHED or the kind of failure.",
            choices=(
                "PROCESSING",
                "FINISHED",
                "PAYMENT_ERROR",
                "VOID",
                "WAIT_FOR_PAYMENT",
                "PARTIALLY_ADJUSTED",
                "ADJUSTED",
                "NEW",
                "ERRORED",
                "APPROVE_TIER_ONE",
                "APPROVE_TIER_TWO",
                "REJECTED",
            ),
        ),
        model("localNumbers", "NumberOrderItem", "Local numbers of the order."),
        model("tollFreeNumbers", "NumberOrderItem", "Toll-free numbers of the order."),
        model("keywords", "NumberOrderItem", "Keywords of the order."),
        number("totalCost", "Total cost."),
        number("summary", "Total cost of the items."),
        number("salesTax", "Sales tax."),
        number("total", "Total cost including tax."),
        moment("created", "Time of the order, in Unix milliseconds."),
    ),
)
NUMBER_ORDER_ITEM = Model(
    "NumberOrderItem",
    "One kind of item in an order.",
    (
        integer("ordered", "Number of ordered items."),
        texts("fulfilled", "Items that CallFire has provided."),
        number("unitCost", "Cost of one item."),
    ),
)
DELIVERY_REPORT = Model(
    "DeliveryReport",
    "The delivery result of a text.",
    (
        text("fromNumber", "Number of the sender."),
        text("toNumber", "Number of the recipient."),
        text("messageText", "Content of the text."),
        integer("campaignId", "Broadcast of the text."),
        text("carrier", "Carrier of the recipient."),
        text("deliveryCategory", "Category of the delivery result.", choices=DELIVERY_CATEGORIES),
        text("deliveryState", "Delivery result.", choices=DELIVERY_STATES),
        text("updated", "Time of the last update, ISO 8601.", limits={"format": "date-time"}),
    ),
)

MODELS = (NUMBER_PURCHASE, NUMBER_ORDER, NUMBER_ORDER_ITEM, DELIVERY_REPORT)
