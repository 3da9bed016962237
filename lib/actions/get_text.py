"""Get a text

One text by its ID, with its state, its result and every attempt to deliver it.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/texts/{id}"),
    path=(integer("id", "ID of the text."),),
    query=(FIELDS,),
    returns=one("Text"),
)
process = operation.process
