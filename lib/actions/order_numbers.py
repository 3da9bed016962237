"""Order numbers

Leases numbers: certain ones, or so many of a kind. It spends credits, and is not ordered twice when the message comes
again, as far as comparing recent orders can tell. How far the order is, "Get an order" tells.
"""

from lib.callfire import FIELDS, POST, created, properties_of
from lib.callfire.sending.order_operation import OrderOperation

operation = OrderOperation(
    POST("/orders/numbers"),
    query=(FIELDS,),
    body=properties_of("NumberPurchaseRequest"),
    returns=created("ID of the new order."),
)
process = operation.process
form_fields = operation.form_fields
