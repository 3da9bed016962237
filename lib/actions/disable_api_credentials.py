"""Disable API Credential

Disables an API credential: requests with its login are rejected until the credential is enabled. Requires the account
holder's login, not an API credential.
"""

from lib.callfire import POST, Operation, integer

operation = Operation(
    POST("/me/api/credentials/{id}/disable"),
    path=(integer("id", "ID of the credential."),),
    repeatable=True,
)
process = operation.process
