"""Create an API credential

A new login for programs. Its password is in the answer and nowhere else: keep it where secrets belong. Needs the
account's own login, not an API credential.
"""

from lib.callfire import POST, Operation, one, properties_of

operation = Operation(
    POST("/me/api/credentials"),
    body=properties_of("ApiCredential"),
    returns=one("ApiCredential"),
)
process = operation.process
