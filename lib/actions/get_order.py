"""Lookup Order By ID

Returns an order by its ID: status, fulfilled items and cost.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/orders/{id}"),
    path=(integer("id", "ID of the order."),),
    query=(FIELDS,),
    returns=one("NumberOrder"),
)
process = operation.process
