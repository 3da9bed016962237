"""Create Call Broadcast

Creates a broadcast that calls many recipients and plays sounds or an IVR dialplan. No call is made before the broadcast
is started or its schedule begins.
"""

from lib.callfire import POST, START, STRICT_VALIDATION, Operation, created, properties_of

operation = Operation(
    POST("/calls/broadcasts"),
    query=(START, STRICT_VALIDATION),
    body=properties_of("CallBroadcast"),
    returns=created("ID of the new broadcast."),
)
process = operation.process
