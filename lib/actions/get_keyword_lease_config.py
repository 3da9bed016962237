"""Lookup Keyword Configuration

Returns the inbound text settings of a leased keyword.
"""

from lib.callfire import FIELDS, GET, LEASED_KEYWORD, Operation, one
from lib.callfire.operation.selects import leased_keywords

operation = Operation(
    GET("/keywords/leases/configs/{keyword}"),
    path=(LEASED_KEYWORD,),
    query=(FIELDS,),
    returns=one("KeywordConfig"),
    selects={"keyword": leased_keywords},
)
process = operation.process
