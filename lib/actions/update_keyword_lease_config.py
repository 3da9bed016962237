"""Update a keyword's settings

Changes what happens with texts to one of your leased keywords.
"""

from lib.callfire import LEASED_KEYWORD, PUT, Operation, properties_of
from lib.callfire.operation.selects import leased_keywords

operation = Operation(
    PUT("/keywords/leases/configs/{keyword}"),
    path=(LEASED_KEYWORD,),
    body=properties_of("KeywordConfig"),
    selects={"keyword": leased_keywords},
)
process = operation.process
