"""Delete Contact By ID

Marks a contact as deleted. The contact can still be looked up by its ID.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(DELETE("/contacts/{id}"), path=(integer("id", "ID of the contact."),))
process = operation.process
