"""Lookup Text Auto-Reply By ID

Returns an auto-reply by its ID.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/texts/auto-replys/{id}"),
    path=(integer("id", "ID of the auto-reply."),),
    query=(FIELDS,),
    returns=one("TextAutoReply"),
)
process = operation.process
