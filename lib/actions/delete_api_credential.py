"""Delete an API credential

Deletes an API credential. Requests with its login are rejected from then on. Requires the account holder's login, not
an API credential.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(DELETE("/me/api/credentials/{id}"), path=(integer("id", "ID of the credential."),))
process = operation.process
