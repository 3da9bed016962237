"""Send Caller ID Verification Code

CallFire calls the number and reads out a code. Use the code in Verify Caller ID.
"""

from lib.callfire import POST, Operation, phone

operation = Operation(
    POST("/me/callerids/{callerid}"),
    path=(phone("callerid", "Number to verify, 11 digits, e.g. 12132000384.", label="Caller ID"),),
)
process = operation.process
