"""Enable API Credential

Enables an API credential that was disabled. Requires the account holder's login, not an API credential.
"""

from lib.callfire import POST, Operation, integer

operation = Operation(
    POST("/me/api/credentials/{id}/enable"),
    path=(integer("id", "ID of the credential."),),
    repeatable=True,
)
process = operation.process
