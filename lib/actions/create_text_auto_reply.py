"""Create an automatic reply

From now on CallFire answers texts to a number or keyword by itself, all of them or those that contain a word.
"""

from lib.callfire import POST, Operation, created, properties_of
from lib.callfire.operation.selects import leased_keywords, leased_numbers

operation = Operation(
    POST("/texts/auto-replys"),
    body=properties_of("TextAutoReply"),
    returns=created("ID of the new automatic reply."),
    selects={"number": leased_numbers, "keyword": leased_keywords},
)
process = operation.process
