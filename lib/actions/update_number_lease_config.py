"""Update Number Configuration

Changes the inbound call and text settings of a leased number. Map the settings that belong to the Config Type.
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
