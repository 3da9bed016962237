"""Get Account

Returns the account of the credentials, with its limits and settings. Useful as a first step to check that the
credentials work.
"""

from lib.callfire import FIELDS, GET, Operation, one

operation = Operation(GET("/me/account"), query=(FIELDS,), returns=one("Account"))
process = operation.process
