"""Find do-not-contact entries

Numbers your account must not call or text, by number, source, broadcast or what is forbidden.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, integer, page_of, phones, text

operation = Operation(
    GET("/contacts/dncs"),
    query=(
        phones("number", "Only these numbers, 11 digits each.", label="Numbers"),
        text("prefix", "Only numbers that begin with these 1 to 10 digits."),
        integer("campaignId", "Only entries that a message of this broadcast led to."),
        text("source", "Only entries of this source."),
        boolean("call", "true: only numbers that must not be called; false: only the others."),
        boolean("text", "true: only numbers that must not be texted; false: only the others."),
        boolean("inboundCall", "true: only numbers whose calls are refused; false: only the others."),
        boolean("inboundText", "true: only numbers whose texts are refused; false: only the others."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("DoNotContact", key=("number", "listId", "campaignId")),
)
process = operation.process
get_meta_model = operation.get_meta_model
