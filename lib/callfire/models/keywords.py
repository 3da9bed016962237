"""Keywords that people text to a short code."""

from lib.callfire.models.values import LEASE_STATUSES, LEASE_TYPES
from lib.callfire.operation.fields import Model, boolean, integer, model, moment, text, texts

KEYWORD = Model(
    "Keyword",
    "A keyword that can be leased.",
    (
        text("keyword", "The keyword: 3 to 64 letters and digits."),
        text("number", "Short code it works on."),
        text("shortCode", "Short code it works on; CallFire's older name for `number`."),
    ),
)
KEYWORD_LEASE = Model(
    "KeywordLease",
    "A keyword your account has leased.",
    (
        text("keyword", "The keyword."),
        boolean("autoRenew", "true: lease it again when the lease ends; false: give it up then."),
        integer("contactListId", "Contact list that people who text the keyword go on."),
        boolean("doubleOptInEnabled", "true: ask people to confirm before they go on the list."),
        text("optInConfirmationMessage", "Text that asks them to confirm."),
        texts("labels", "Labels to find the keyword by."),
        text("number", "Short code it works on."),
        text("shortCode", "Short code it works on; CallFire's older name for `number`."),
        text("type", "PLAN: part of the plan; EXTRA: leased on top of it.", choices=LEASE_TYPES),
        text("status", "Whether it can be used.", choices=LEASE_STATUSES, answered=True),
        moment("leaseBegin", "When the lease began, in Unix milliseconds."),
        moment("leaseEnd", "When the lease ends, in Unix milliseconds."),
    ),
)
KEYWORD_CONFIG = Model(
    "KeywordConfig",
    "What happens with texts to a leased keyword.",
    (
        text("keyword", "The keyword."),
        model("textInboundConfig", "TextInboundConfig", "Where the texts go."),
    ),
)
KEYWORD_PURCHASE = Model(
    "KeywordPurchaseRequest",
    "Keywords to lease.",
    (texts("keywords", "The keywords, 3 to 64 letters and digits each.", limits={"minItems": 1}),),
)

MODELS = (KEYWORD, KEYWORD_LEASE, KEYWORD_CONFIG, KEYWORD_PURCHASE)
