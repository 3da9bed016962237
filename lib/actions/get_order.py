"""Get an order

One order by its ID: how far it is, what was got, what it costs.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/orders/{id}"),
    path=(integer("id", "ID of the order."),),
    query=(FIELDS,),
    returns=one("NumberOrder"),
)
process = operation.process
