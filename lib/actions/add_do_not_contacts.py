"""Add do-not-contact entries

From now on your account neither calls nor texts these numbers, or only one of the two. A number that has an entry gets
the new one.
"""

from lib.callfire import POST, Operation, properties_of

operation = Operation(
    POST("/contacts/dncs"),
    body=properties_of("AddDoNotContactRequest", "numbers"),
    repeatable=True,
    acted_on=("numbers",),
)
process = operation.process
