"""Get credits used

Credits, texts and minutes used in a time; since the account was opened without one.
"""

from lib.callfire import GET, Operation, moment, one

operation = Operation(
    GET("/me/billing/credit-usage"),
    query=(
        moment("intervalBegin", "Count from this moment on: Unix milliseconds, or ISO 8601 (UTC without a zone)."),
        moment("intervalEnd", "Count up to this moment: Unix milliseconds, or ISO 8601 (UTC without a zone)."),
    ),
    returns=one("CreditUsage"),
)
process = operation.process
