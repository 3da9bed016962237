"""Get Conversation

Returns all texts sent to and received from a phone number, oldest first, and optionally the calls.
"""

from lib.callfire import GET, INTERVAL, integer, page_of, phone
from lib.callfire.conversation import ConversationOperation
from lib.callfire.operation.selects import leased_numbers

__all__ = ["form_fields", "get_meta_model", "leased_numbers", "operation", "process"]

operation = ConversationOperation(
    GET("/texts"),
    query=(
        phone("number", "Phone number of the other party, in any notation.", required=True, label="Phone Number"),
        phone("ownNumber", "Only texts and calls with this number of the account. Default: all numbers."),
        *INTERVAL,
        integer("maxItems", "Maximum number of items: the newest ones. Default: all.", limits={"minimum": 1}),
    ),
    returns=page_of("ConversationItem"),
    selects={"ownNumber": leased_numbers},
)
process = operation.process
get_meta_model = operation.get_meta_model
form_fields = operation.form_fields
