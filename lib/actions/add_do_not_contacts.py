"""Add DNC Numbers (Do Not Contact)

Adds numbers to the do-not-contact (DNC) list of the account, for calls, texts or both. An entry that exists already is
replaced.
"""

from lib.callfire import POST, Operation, properties_of

operation = Operation(
    POST("/contacts/dncs"),
    body=properties_of("AddDoNotContactRequest", "numbers"),
    repeatable=True,
    acted_on=("numbers",),
)
process = operation.process
