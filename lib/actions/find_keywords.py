"""Look for keywords

Which of the keywords you give are still to be had.
"""

from lib.callfire import GET, Operation, list_of, texts

operation = Operation(
    GET("/keywords"),
    query=(texts("keywords", "Keywords to look for, 3 to 64 letters and digits each.", required=True),),
    returns=list_of("Keyword"),
)
process = operation.process
get_meta_model = operation.get_meta_model
