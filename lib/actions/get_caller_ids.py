"""Find caller IDs

Numbers of yours that calls may come from because they were verified.
"""

from lib.callfire import GET, Operation, list_of

operation = Operation(GET("/me/callerids"), returns=list_of("CallerId"))
process = operation.process
get_meta_model = operation.get_meta_model
