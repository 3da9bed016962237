"""Create Text Broadcast

Creates a broadcast that sends texts to many recipients. No text is sent before the broadcast is started or its schedule
begins.
"""

from lib.callfire import POST, START, STRICT_VALIDATION, Operation, created, properties_of

operation = Operation(
    POST("/texts/broadcasts"),
    query=(START, STRICT_VALIDATION),
    body=properties_of("TextBroadcast"),
    returns=created("ID of the new broadcast."),
)
process = operation.process
