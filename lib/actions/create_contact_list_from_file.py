"""Create Contact List From File

Creates a contact list from a CSV file: an attachment of the message, a URL, base64 content, or rows. CallFire reads the
file after the step; Wait Until Active waits for the result.
"""

from lib.callfire import POST, boolean, integer, objects, text
from lib.callfire.files.contact_list_upload import WAIT_FIELDS, ContactListUpload
from lib.callfire.operation.returns import Returns

operation = ContactListUpload(
    POST("/contacts/lists/upload"),
    form=(
        text("name", "Name of the new list."),
        boolean(
            "useCustomFields",
            "true: keep the names of the columns. false: CallFire renames them to A, B, C and so on. Default: false.",
            default=False,
        ),
    ),
    rows=objects(
        "rows",
        "Contacts instead of a file: one object per contact. The property names are the columns, e.g. firstName, "
        "mobilePhone.",
    ),
    returns=Returns(
        (
            integer("id", "ID of the new list.", label="ID"),
            text("status", "ACTIVE, with Wait Until Active."),
            integer("size", "Number of contacts, with Wait Until Active."),
        )
    ),
)
form_fields = WAIT_FIELDS
process = operation.process
