"""Lookup Text By ID

Returns a text by its ID, with state, result and delivery attempts.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/texts/{id}"),
    path=(integer("id", "ID of the text."),),
    query=(FIELDS,),
    returns=one("Text"),
)
process = operation.process
