"""Verify Caller ID

Verifies a caller ID with the code from Send Caller ID Verification Code. Emits {"value": true} if calls may use the
number.
"""

from lib.callfire import POST, Operation, phone, properties_of, truth

operation = Operation(
    POST("/me/callerids/{callerid}/verification-code"),
    path=(phone("callerid", "Number to verify, 11 digits, e.g. 12132000384.", label="Caller ID"),),
    body=properties_of("CallerIdVerificationRequest", "verificationCode"),
    returns=truth("true: the caller ID is verified, and calls may use the number."),
)
process = operation.process
