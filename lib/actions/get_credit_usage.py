"""Get Credit Usage

Returns the credits, texts and call minutes that were used in an interval. Default: since the account was opened.
"""

from lib.callfire import GET, Operation, moment, one

operation = Operation(
    GET("/me/billing/credit-usage"),
    query=(
        moment("intervalBegin", "Start of the interval: Unix milliseconds, or ISO 8601 (UTC without a time zone)."),
        moment("intervalEnd", "End of the interval: Unix milliseconds, or ISO 8601 (UTC without a time zone)."),
    ),
    returns=one("CreditUsage"),
)
process = operation.process
