"""Delete an API credential

Programs that use this login are refused from now on. Needs the account holder's own login, not an API credential.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(DELETE("/me/api/credentials/{id}"), path=(integer("id", "ID of the credential."),))
process = operation.process
