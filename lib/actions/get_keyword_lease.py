"""Lookup Leased Keyword By Name

Returns a leased keyword, with its lease and contact list.
"""

from lib.callfire import FIELDS, GET, LEASED_KEYWORD, Operation, one
from lib.callfire.operation.selects import leased_keywords

operation = Operation(
    GET("/keywords/leases/{keyword}"),
    path=(LEASED_KEYWORD,),
    query=(FIELDS,),
    returns=one("KeywordLease"),
    selects={"keyword": leased_keywords},
)
process = operation.process
