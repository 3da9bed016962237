"""Send Caller ID Verification Code

Requests a call from CallFire that reads out a verification code. Use the code in Verify Caller ID.
"""

from lib.callfire import POST, Operation, phone

operation = Operation(
    POST("/me/callerids/{callerid}"),
    path=(phone("callerid", "Number to verify, 11 digits, e.g. 12132000384.", label="Caller ID"),),
)
process = operation.process
