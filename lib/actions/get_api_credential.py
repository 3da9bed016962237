"""Lookup API Credential By ID

Returns an API credential by its ID, without its password. Requires the account holder's login, not an API credential.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/me/api/credentials/{id}"),
    path=(integer("id", "ID of the credential."),),
    query=(FIELDS,),
    returns=one("ApiCredential"),
)
process = operation.process
