"""Update Keyword Configuration

Changes the inbound text settings of a leased keyword.
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
