"""Lookup Leased Keyword By ID

Returns a leased keyword by its ID.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/keywords/leases/id/{id}"),
    path=(integer("id", "ID of the leased keyword."),),
    query=(FIELDS,),
    returns=one("KeywordLease"),
)
process = operation.process
