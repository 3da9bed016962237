"""Get an API credential

One login for programs by its ID. Needs the account holder's own login, not an API credential.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/me/api/credentials/{id}"),
    path=(integer("id", "ID of the credential."),),
    query=(FIELDS,),
    returns=one("ApiCredential"),
)
process = operation.process
