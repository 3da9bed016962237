"""Keywords: words that people send to a short code."""

from lib.callfire.models.values import LEASE_STATUSES, LEASE_TYPES
from lib.callfire.operation.fields import Model, boolean, integer, model, moment, text, texts

KEYWORD = Model(
    "Keyword",
    "A keyword that is available for lease.",
    (
        text("keyword", "Keyword, 3 to 64 letters and digits."),
        text("number", "Short code of the keyword."),
        text("shortCode", "Short code of the keyword, under CallFire's older name."),
    ),
)
KEYWORD_LEASE = Model(
    "KeywordLease",
    "A keyword that the account has leased.",
    (
        text("keyword", "Leased keyword."),
        boolean("autoRenew", "true: renew the lease when it ends. false: release the keyword."),
        integer("contactListId", "Contact list to which senders of the keyword are added."),
        boolean("doubleOptInEnabled", "true: ask senders to confirm before they are added to the list."),
        text("optInConfirmationMessage", "Text that asks senders to confirm."),
        texts("labels", "Labels of the keyword."),
        text("number", "Short code of the keyword.", hidden=True),
        text("shortCode", "Short code of the keyword, under CallFire's older name.", hidden=True),
        text("type", "PLAN: included in the plan. EXTRA: leased in addition.", choices=LEASE_TYPES, hidden=True),
        text("status", "Status of the lease.", choices=LEASE_STATUSES, answered=True),
        moment("leaseBegin", "Start of the lease, in Unix milliseconds.", hidden=True),
        moment("leaseEnd", "End of the lease, in Unix milliseconds.", hidden=True),
    ),
)
KEYWORD_CONFIG = Model(
    "KeywordConfig",
    "The inbound text settings of a leased keyword.",
    (
        text("keyword", "Leased keyword."),
        model("textInboundConfig", "TextInboundConfig", "Forwarding of inbound texts."),
    ),
)
KEYWORD_PURCHASE = Model(
    "KeywordPurchaseRequest",
    "Keywords to lease.",
    (texts("keywords", "Keywords, 3 to 64 letters and digits each.", limits={"minItems": 1}),),
)

MODELS = (KEYWORD, KEYWORD_LEASE, KEYWORD_CONFIG, KEYWORD_PURCHASE)
