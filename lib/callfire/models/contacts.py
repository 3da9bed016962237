"""Contacts, contact lists and do-not-contact (DNC) entries."""

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
    "Property of the new contacts that receives the Contact Numbers: homePhone, workPhone or mobilePhone.",
)
_CUSTOM_FIELDS = boolean(
    "useCustomFields", "true: keep the names of custom properties. false: CallFire renames them to A, B, C and so on."
)
_SOURCES = (
    models("contacts", "Contact", "Contacts to create and add to the list."),
    texts("contactNumbers", "Phone numbers for which contacts are created, 11 digits each, e.g. 12132000384."),
    integers("contactIds", "IDs of existing contacts."),
    _NUMBERS_FIELD,
    _CUSTOM_FIELDS,
)

CONTACT = Model(
    "Contact",
    "A person to call or to send texts to.",
    (
        text("firstName", "First name."),
        text("lastName", "Last name."),
        text("mobilePhone", "Mobile number, 11 digits, e.g. 12132000384. Texts are sent to this number."),
        text("homePhone", "Home number, 11 digits."),
        text("workPhone", "Work number, 11 digits."),
        text("extraPhone1", "Additional number, 11 digits.", label="Extra Phone 1"),
        text("extraPhone2", "Additional number, 11 digits.", label="Extra Phone 2"),
        text("extraPhone3", "Additional number, 11 digits.", label="Extra Phone 3"),
        text("zipcode", "ZIP code, 5 digits."),
        string_map("properties", "Custom properties, e.g. a birthday or a customer number."),
        text("externalId", "ID of the contact in the external system."),
        text(
            "externalSystem",
            "External system of the contact: NATION_BUILDER, SALES_FORCE_CONTACTS, SALES_FORCE_LEADS, "
            "SALES_FORCE_REPORTS, ZOHO or MAIL_CHIMP.",
        ),
        integer("id", "ID of the contact.", answered=True),
        boolean("deleted", "true: the contact is deleted, but can still be looked up.", answered=True),
    ),
)

CONTACT_LIST = Model(
    "ContactList",
    "A named list of contacts.",
    (
        integer("id", "ID of the list."),
        text("name", "Name of the list."),
        integer("size", "Number of contacts."),
        text(
            "status",
            "ACTIVE: broadcasts can use the list. VALIDATING, IMPORTING: in progress. COLUMN_TOO_LARGE: a cell of the "
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
        moment("created", "Time of creation, in Unix milliseconds."),
    ),
)

CREATE_CONTACT_LIST = Model(
    "CreateContactListRequest",
    "A new contact list, with contacts from one of three sources.",
    (text("name", "Name of the new list."), *_SOURCES),
)
UPDATE_CONTACT_LIST = Model(
    "UpdateContactListRequest", "The changes of a list.", (text("name", "New name of the list."),)
)
ADD_CONTACTS = Model(
    "AddContactListContactsRequest", "Contacts for a contact list, from one of three sources.", _SOURCES
)

DO_NOT_CONTACT = Model(
    "DoNotContact",
    "An entry of the account's do-not-contact (DNC) list.",
    (
        text("number", "Phone number, 11 digits, e.g. 12132000384."),
        boolean("call", "true: the number must not be called."),
        boolean("text", "true: the number must not receive texts."),
        boolean("inboundCall", "true: calls from the number are rejected."),
        boolean("inboundText", "true: texts from the number are rejected."),
        text("source", "Source of the entry. All entries with one source can be deleted together."),
        integer("campaignId", "Broadcast that caused the entry.", answered=True),
        moment("created", "Time of creation, in Unix milliseconds.", answered=True),
        integer("listId", "Do-not-contact (DNC) list of the entry.", answered=True),
    ),
)
ADD_DO_NOT_CONTACT = Model(
    "AddDoNotContactRequest",
    "Numbers to add to the do-not-contact (DNC) list.",
    (
        phones("numbers", "Phone numbers, 11 digits each, e.g. 12132000384.", limits={"minItems": 1}),
        boolean("call", "true: the numbers must not be called. Default: true.", default=True),
        boolean("text", "true: the numbers must not receive texts. Default: true.", default=True),
        boolean("inboundCall", "true: reject calls from the numbers, too. Default: false.", default=False),
        boolean("inboundText", "true: reject texts from the numbers, too. Default: false.", default=False),
        text(
            "source", "Source of the entries, by which they can be deleted together. Default: Api V2.", default="Api V2"
        ),
    ),
)
UNIVERSAL_DO_NOT_CONTACT = Model(
    "UniversalDoNotContact",
    "An entry of the universal do-not-contact (UDNC) list, which applies to all CallFire accounts.",
    (
        text("toNumber", "Number that must not be contacted."),
        text("fromNumber", "Number that must not contact the To Number. If missing: all numbers."),
        boolean("outboundCall", "true: the number must not be called."),
        boolean("outboundText", "true: the number must not receive texts."),
        boolean("inboundCall", "true: calls from the number are rejected."),
        boolean("inboundText", "true: texts from the number are rejected."),
    ),
)

RESOURCE_ID = Model("ResourceId", "The ID of a new item.", (integer("id", "ID of the item."),))

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
