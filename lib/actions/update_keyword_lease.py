"""Update Leased Keyword

Changes the lease of a keyword: renewal, labels, contact list and double opt-in.
"""

from lib.callfire import LEASED_KEYWORD, PUT, Operation, properties_of
from lib.callfire.operation.selects import contact_lists, leased_keywords

operation = Operation(
    PUT("/keywords/leases/{keyword}"),
    path=(LEASED_KEYWORD,),
    body=properties_of("KeywordLease", offered=("status",)),
    selects={"keyword": leased_keywords, "contactListId": contact_lists},
)
process = operation.process
