"""Delete a contact

CallFire marks the contact as deleted; it can still be read by its ID.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(DELETE("/contacts/{id}"), path=(integer("id", "ID of the contact."),))
process = operation.process
