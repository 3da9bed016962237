"""Delete API Credential By ID

Deletes an API credential; CallFire then rejects requests with its login. Requires the account holder's login, not an
API credential.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(DELETE("/me/api/credentials/{id}"), path=(integer("id", "ID of the credential."),))
process = operation.process
