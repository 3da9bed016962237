"""Get credits left

What is left of the plan this month, and of credits that were bought extra.
"""

from lib.callfire import GET, Operation, one

operation = Operation(GET("/me/billing/plan-usage"), returns=one("BillingPlanUsage"))
process = operation.process
