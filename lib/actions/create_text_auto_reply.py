"""Create Text Auto-Reply

Creates an auto-reply to texts that a number or keyword receives. CallFire replies to all texts, or only to those that
contain a word.
"""

from lib.callfire import POST, Operation, created, properties_of
from lib.callfire.operation.selects import leased_keywords, leased_numbers

operation = Operation(
    POST("/texts/auto-replys"),
    body=properties_of("TextAutoReply"),
    returns=created("ID of the new auto-reply."),
    selects={"number": leased_numbers, "keyword": leased_keywords},
)
process = operation.process
