"""Create API Credential

Creates an API login and password; CallFire returns the password only once. Requires the account holder's login, not an
API credential.
"""

from lib.callfire import POST, Operation, one, properties_of

operation = Operation(
    POST("/me/api/credentials"),
    body=properties_of("ApiCredential"),
    returns=one("ApiCredential"),
)
process = operation.process
