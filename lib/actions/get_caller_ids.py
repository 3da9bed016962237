"""Lookup Caller IDs

Returns the verified caller IDs of the account: numbers that calls may show as their sender.
"""

from lib.callfire import GET, Operation, list_of

operation = Operation(GET("/me/callerids"), returns=list_of("CallerId"))
process = operation.process
get_meta_model = operation.get_meta_model
