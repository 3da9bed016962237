"""Create a contact list from a file

Uploads a CSV file: the message's attachment, an address, base64 content, or rows that are written as CSV here. CallFire
reads it afterwards: see the list's status.
"""

from lib.callfire import POST, boolean, created, objects, text
from lib.callfire.files.uploads import UploadOperation

operation = UploadOperation(
    POST("/contacts/lists/upload"),
    form=(
        text("name", "Name of the new list."),
        boolean(
            "useCustomFields", "true: keep the names of the columns; false: CallFire renames them to A, B, C and so on."
        ),
    ),
    rows=objects(
        "rows", "Contacts in place of a file: one object each, its names are the columns, e.g. firstName, mobilePhone."
    ),
    returns=created("ID of the new list."),
)
process = operation.process
