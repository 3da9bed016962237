"""Orders of numbers and keywords, and reports of delivery."""

from lib.callfire.models.values import DELIVERY_CATEGORIES, DELIVERY_STATES
from lib.callfire.operation.fields import Model, integer, model, moment, number, phones, text, texts

NUMBER_PURCHASE = Model(
    "NumberPurchaseRequest",
    "Numbers to lease: either certain ones, or so many of a kind.",
    (
        phones("numbers", "These numbers, 11 digits each, as found among the local or toll-free ones."),
        integer("localCount", "So many local numbers; say where with prefix, city, state or zipcode."),
        integer("tollFreeCount", "So many toll-free numbers."),
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
        integer("id", "CallFire's id of the order."),
        text(
            "status",
            "How far it is: PROCESSING, then FINISHED or what went wrong.",
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
        number("totalCost", "What it costs."),
        number("summary", "What its items cost together."),
        number("salesTax", "Sales tax on it."),
        number("total", "What it costs with tax."),
        moment("created", "When it was placed, in Unix milliseconds."),
    ),
)
NUMBER_ORDER_ITEM = Model(
    "NumberOrderItem",
    "One kind of thing in an order.",
    (
        integer("ordered", "How many were ordered."),
        texts("fulfilled", "Those that were got."),
        number("unitCost", "What one costs."),
    ),
)
DELIVERY_REPORT = Model(
    "DeliveryReport",
    "What became of one text.",
    (
        text("fromNumber", "Number it came from."),
        text("toNumber", "Number it went to."),
        text("messageText", "What it says."),
        integer("campaignId", "Broadcast it belongs to."),
        text("carrier", "The recipient's carrier."),
        text("deliveryCategory", "What became of it, roughly.", choices=DELIVERY_CATEGORIES),
        text("deliveryState", "What became of it, exactly.", choices=DELIVERY_STATES),
        text("updated", "When this became known, as ISO 8601.", limits={"format": "date-time"}),
    ),
)

MODELS = (NUMBER_PURCHASE, NUMBER_ORDER, NUMBER_ORDER_ITEM, DELIVERY_REPORT)
