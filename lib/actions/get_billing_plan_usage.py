"""Get Plan Usage and Remaining Credits

Returns the remaining credits: those of the plan for the current month, and pay-as-you-go credits.
"""

from lib.callfire import GET, Operation, one

operation = Operation(GET("/me/billing/plan-usage"), returns=one("BillingPlanUsage"))
process = operation.process
