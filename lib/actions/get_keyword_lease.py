"""Get a leased keyword

One of your leased keywords, with its lease and its contact list.
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
