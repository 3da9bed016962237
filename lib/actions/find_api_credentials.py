"""Lookup API Credentials

Returns the API credentials of the account, without their passwords. Requires the account holder's login, not an API
credential.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, page_of, text

operation = Operation(
    GET("/me/api/credentials"),
    query=(text("name", "Only credentials with this name."), *PAGE, FIELDS),
    returns=page_of("ApiCredential"),
)
process = operation.process
get_meta_model = operation.get_meta_model
