"""Update Contact

Changes the given properties of a contact. The other properties are kept.
"""

from lib.callfire import PUT, Operation, integer, properties_of

operation = Operation(
    PUT("/contacts/{id}"),
    path=(integer("id", "ID of the contact."),),
    body=properties_of("Contact", offered=("deleted",)),
)
process = operation.process
