"""Contacts, contact lists, and who must not be contacted."""

from lib.callfire.operation.fields import (
    Model,
    boolean,
    integer,
    integers,
    models,
    moment,
    phones,
    string_map,
    text,
    texts,
)

_NUMBERS_FIELD = text(
    "contactNumbersField",
    "Which number of the new contacts `contactNumbers` fills: homePhone, workPhone or mobilePhone.",
)
_CUSTOM_FIELDS = boolean(
    "useCustomFields", "true: keep your own property names; false: CallFire renames them to A, B, C and so on."
)
_SOURCES = (
    models("contacts", "Contact", "Contacts to create and put on the list."),
    texts("contactNumbers", "Phone numbers to make contacts of, 11 digits each, e.g. 12132000384."),
    integers("contactIds", "IDs of contacts that exist already."),
    _NUMBERS_FIELD,
    _CUSTOM_FIELDS,
)

CONTACT = Model(
    "Contact",
    "A person CallFire can call or text.",
    (
        text("firstName", "First name."),
        text("lastName", "Last name."),
        text("mobilePhone", "Mobile number, 11 digits, e.g. 12132000384; texts go here."),
        text("homePhone", "Number at home, 11 digits."),
        text("workPhone", "Number at work, 11 digits."),
        text("extraPhone1", "Another number, 11 digits.", label="Extra phone 1"),
        text("extraPhone2", "Another number, 11 digits.", label="Extra phone 2"),
        text("extraPhone3", "Another number, 11 digits.", label="Extra phone 3"),
        text("zipcode", "ZIP code, 5 digits."),
        string_map("properties", "Values of your own by name, e.g. a birthday or a customer number."),
        text("externalId", "ID of this person in the system the contact comes from."),
        text(
            "externalSystem",
            "The system the contact comes from: NATION_BUILDER, SALES_FORCE_CONTACTS, SALES_FORCE_LEADS, "
            "SALES_FORCE_REPORTS, ZOHO or MAIL_CHIMP.",
        ),
        integer("id", "CallFire's id of the contact.", answered=True),
        boolean("deleted", "true: the contact is deleted. It can still be read.", answered=True),
    ),
)

CONTACT_LIST = Model(
    "ContactList",
    "A named list of contacts.",
    (
        integer("id", "CallFire's id of the list."),
        text("name", "Name of the list."),
        integer("size", "How many contacts are on it."),
        text(
            "status",
            "ACTIVE once it can be used; VALIDATING and IMPORTING on the way; COLUMN_TOO_LARGE means a column of the "
            "file has more than 255 characters.",
            choices=(
                "ACTIVE",
                "VALIDATING",
                "IMPORTING",
                "IMPORT_FAILED",
                "ERRORS",
                "DELETED",
                "PARSE_FAILED",
                "COLUMN_TOO_LARGE",
            ),
        ),
        moment("created", "When it was made, in Unix milliseconds."),
    ),
)

CREATE_CONTACT_LIST = Model(
    "CreateContactListRequest",
    "A new list: its name and where its contacts come from.",
    (text("name", "Name of the new list."), *_SOURCES),
)
UPDATE_CONTACT_LIST = Model(
    "UpdateContactListRequest", "What can be changed on a list.", (text("name", "The list's new name."),)
)
ADD_CONTACTS = Model("AddContactListContactsRequest", "Contacts for a list, from one of three sources.", _SOURCES)

DO_NOT_CONTACT = Model(
    "DoNotContact",
    "A number your account must not call or text.",
    (
        text("number", "The number, 11 digits, e.g. 12132000384."),
        boolean("call", "true: it must not be called."),
        boolean("text", "true: it must not be texted."),
        boolean("inboundCall", "true: calls from it are refused."),
        boolean("inboundText", "true: texts from it are refused."),
        text("source", "Where the entry comes from; entries can be deleted together by it."),
        integer("campaignId", "Broadcast whose message led to the entry.", answered=True),
        moment("created", "When the entry was made, in Unix milliseconds.", answered=True),
        integer("listId", "Do-not-contact list the entry is on.", answered=True),
    ),
)
ADD_DO_NOT_CONTACT = Model(
    "AddDoNotContactRequest",
    "Numbers that must not be contacted.",
    (
        phones("numbers", "The numbers, 11 digits each, e.g. 12132000384.", limits={"minItems": 1}),
        boolean("call", "Must they not be called? CallFire's default is true."),
        boolean("text", "Must they not be texted? CallFire's default is true."),
        boolean("inboundCall", "true: refuse calls from them too."),
        boolean("inboundText", "true: refuse texts from them too."),
        text(
            "source", "Where the entries come from, to delete them together by it later. CallFire's default is Api V2."
        ),
    ),
)
UNIVERSAL_DO_NOT_CONTACT = Model(
    "UniversalDoNotContact",
    "What a number has forbidden for all of CallFire, not only for your account.",
    (
        text("toNumber", "The number that must not be contacted."),
        text("fromNumber", "The number that must not contact it; all where it is missing."),
        boolean("outboundCall", "true: it must not be called."),
        boolean("outboundText", "true: it must not be texted."),
        boolean("inboundCall", "true: calls from it are refused."),
        boolean("inboundText", "true: texts from it are refused."),
    ),
)

RESOURCE_ID = Model("ResourceId", "Something that was made.", (integer("id", "CallFire's id of it."),))

MODELS = (
    RESOURCE_ID,
    CONTACT,
    CONTACT_LIST,
    CREATE_CONTACT_LIST,
    UPDATE_CONTACT_LIST,
    ADD_CONTACTS,
    DO_NOT_CONTACT,
    ADD_DO_NOT_CONTACT,
    UNIVERSAL_DO_NOT_CONTACT,
)
