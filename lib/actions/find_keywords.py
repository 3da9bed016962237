"""Lookup Available Keywords

Returns those of the given keywords that are available for lease.
"""

from lib.callfire import GET, Operation, list_of, texts

operation = Operation(
    GET("/keywords"),
    query=(texts("keywords", "Keywords to check, 3 to 64 letters and digits each.", required=True),),
    returns=list_of("Keyword"),
)
process = operation.process
get_meta_model = operation.get_meta_model
