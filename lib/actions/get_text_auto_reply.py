"""Get an automatic reply

One automatic reply by its ID.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/texts/auto-replys/{id}"),
    path=(integer("id", "ID of the automatic reply."),),
    query=(FIELDS,),
    returns=one("TextAutoReply"),
)
process = operation.process
