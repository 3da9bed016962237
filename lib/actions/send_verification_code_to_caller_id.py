"""Ask for a caller ID's code

CallFire calls the number and tells a code, with which it can then be verified as a caller ID.
"""

from lib.callfire import POST, Operation, phone

operation = Operation(
    POST("/me/callerids/{callerid}"),
    path=(phone("callerid", "The number to verify, 11 digits, e.g. 12132000384.", label="Caller ID"),),
)
process = operation.process
