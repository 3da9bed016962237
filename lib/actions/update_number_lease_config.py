"""Update a number's settings

Changes what happens with calls and texts to one of your leased numbers. Give the settings that belong to `configType`.
"""

from lib.callfire import LEASED_NUMBER, PUT, Operation, properties_of
from lib.callfire.operation.selects import leased_numbers

operation = Operation(
    PUT("/numbers/leases/configs/{number}"),
    path=(LEASED_NUMBER,),
    body=properties_of("NumberConfig"),
    selects={"number": leased_numbers},
)
process = operation.process
