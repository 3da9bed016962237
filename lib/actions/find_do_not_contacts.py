"""Lookup DNC Numbers (Do Not Contact)

Returns entries of the account's do-not-contact (DNC) list. Filters are the number, the source, the broadcast and the
kind of contact that is blocked.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, integer, page_of, phones, text

operation = Operation(
    GET("/contacts/dncs"),
    query=(
        phones("number", "Only these numbers, 11 digits each.", label="Numbers"),
        text("prefix", "Only numbers that begin with these 1 to 10 digits."),
        integer("campaignId", "Only entries that a message of this broadcast caused."),
        text("source", "Only entries with this source."),
        boolean("call", "true: only numbers that must not be called. false: only other numbers."),
        boolean("text", "true: only numbers that must not receive texts. false: only other numbers."),
        boolean("inboundCall", "true: only numbers whose calls are rejected. false: only other numbers."),
        boolean("inboundText", "true: only numbers whose texts are rejected. false: only other numbers."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("DoNotContact", key=("number", "listId", "campaignId")),
)
process = operation.process
get_meta_model = operation.get_meta_model
