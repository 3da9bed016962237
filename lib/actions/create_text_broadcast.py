"""Create a text broadcast

A campaign that texts many people. Recipients may be given now or added later; it texts nobody before it is started or
its schedule begins.
"""

from lib.callfire import POST, START, STRICT_VALIDATION, Operation, created, properties_of

operation = Operation(
    POST("/texts/broadcasts"),
    query=(START, STRICT_VALIDATION),
    body=properties_of("TextBroadcast"),
    returns=created("ID of the new broadcast."),
)
process = operation.process
