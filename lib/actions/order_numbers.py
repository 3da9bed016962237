"""Order Numbers

Leases phone numbers and spends credits; a redelivered message does not order twice. Lookup Order By ID returns the
progress of the order.
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
