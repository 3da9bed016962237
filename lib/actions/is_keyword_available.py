"""Check Keyword Availability

Checks whether a keyword is available for lease. Emits {"value": true} or {"value": false}.
"""

from lib.callfire import GET, Operation, text, truth

operation = Operation(
    GET("/keywords/{keyword}/available"),
    path=(text("keyword", "Keyword to check, 3 to 64 letters and digits."),),
    returns=truth("true: the keyword can be leased."),
)
process = operation.process
