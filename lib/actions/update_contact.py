"""Update a contact

Changes the properties you give; the others stay as they are.
"""

from lib.callfire import PUT, Operation, integer, properties_of

operation = Operation(
    PUT("/contacts/{id}"),
    path=(integer("id", "ID of the contact."),),
    body=properties_of("Contact", offered=("deleted",)),
)
process = operation.process
