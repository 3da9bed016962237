"""Get the account

The account behind the credentials, with its limits and settings. Handy as a first step, to see that a login works.
"""

from lib.callfire import FIELDS, GET, Operation, one

operation = Operation(GET("/me/account"), query=(FIELDS,), returns=one("Account"))
process = operation.process
