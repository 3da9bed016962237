"""Get Contact History

Returns all calls and texts to and from a contact.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, history_of, integer, models

operation = Operation(
    GET("/contacts/{id}/history"),
    path=(integer("id", "ID of the contact."),),
    query=(*PAGE, FIELDS),
    returns=history_of(
        models("calls", "Call", "Calls to and from the contact."),
        models("texts", "Text", "Texts to and from the contact."),
    ),
)
process = operation.process
