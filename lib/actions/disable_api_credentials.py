"""Disable an API credential

A login is refused until it is enabled again. Needs the account holder's own login, not an API credential.
"""

from lib.callfire import POST, Operation, integer

operation = Operation(
    POST("/me/api/credentials/{id}/disable"),
    path=(integer("id", "ID of the credential."),),
    repeatable=True,
)
process = operation.process
