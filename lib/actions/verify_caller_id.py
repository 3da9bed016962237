"""Verify a caller ID

Hands in the code that CallFire told: emits {"value": true} if calls may now come from the number.
"""

from lib.callfire import POST, Operation, phone, properties_of, truth

operation = Operation(
    POST("/me/callerids/{callerid}/verification-code"),
    path=(phone("callerid", "The number to verify, 11 digits, e.g. 12132000384.", label="Caller ID"),),
    body=properties_of("CallerIdVerificationRequest", "verificationCode"),
    returns=truth("true: calls may now come from the number."),
)
process = operation.process
