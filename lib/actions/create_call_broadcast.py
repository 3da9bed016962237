"""Create a call broadcast

A campaign that calls many people, with sounds or an IVR dialplan. Recipients may be given now or added later; it calls
nobody before it is started or its schedule begins.
"""

from lib.callfire import POST, START, STRICT_VALIDATION, Operation, created, properties_of

operation = Operation(
    POST("/calls/broadcasts"),
    query=(START, STRICT_VALIDATION),
    body=properties_of("CallBroadcast"),
    returns=created("ID of the new broadcast."),
)
process = operation.process
