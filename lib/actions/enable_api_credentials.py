"""Enable an API credential

A login that was disabled is taken again. Needs the account holder's own login, not an API credential.
"""

from lib.callfire import POST, Operation, integer

operation = Operation(
    POST("/me/api/credentials/{id}/enable"),
    path=(integer("id", "ID of the credential."),),
    repeatable=True,
)
process = operation.process
