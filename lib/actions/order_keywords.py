"""Order keywords

Leases keywords. It spends credits, and is never repeated by itself when it is not known whether CallFire took it. How
far the order is, "Get an order" tells.
"""

from lib.callfire import FIELDS, POST, Operation, created, properties_of

operation = Operation(
    POST("/orders/keywords"),
    query=(FIELDS,),
    body=properties_of("KeywordPurchaseRequest", "keywords"),
    returns=created("ID of the new order."),
)
process = operation.process
