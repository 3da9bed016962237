"""Contacts, contact lists and do-not-contact (DNC) entries."""

from callfire_sandbox.api.schema import (
    BOOLEAN,
    INT,
    LONG,
    STRING,
    STRING_MAP,
    TIME,
    about,
    list_of,
    model,
    one_of,
    read_only,
    ref,
)

CONTACTS = about(list_of(ref("Contact")), "Contacts to add. A contact with an id is an existing one.")
CONTACT_IDS = about(list_of(LONG), "Ids of existing contacts to add.")
CONTACT_NUMBERS = about(list_of(STRING), "Numbers to add as contacts. A number that is given twice is one contact.")
NUMBERS_FIELD = about(STRING, "Field for contactNumbers: homePhone (default), workPhone or mobilePhone.")
CUSTOM_FIELDS = about(BOOLEAN, "Whether unknown columns keep their names. Default: they are named A, B, C.")
CALL = about(BOOLEAN, "Whether calls to the number are blocked. Default: true.")
TEXT = about(BOOLEAN, "Whether texts to the number are blocked. Default: true.")
INBOUND_CALL = about(BOOLEAN, "Whether calls from the number are blocked. Default: false.")
INBOUND_TEXT = about(BOOLEAN, "Whether texts from the number are blocked. Default: false.")

CONTACT = model(
    "Contact",
    "A person with phone numbers.",
    deleted=about(BOOLEAN, "Whether the contact is deleted. Deleted contacts can still be read."),
    externalId=about(STRING, "Id of the contact in another system."),
    externalSystem=about(STRING, "The other system, for example ZOHO or MAIL_CHIMP."),
    extraPhone1=about(STRING, "Further phone number."),
    extraPhone2=about(STRING, "Further phone number."),
    extraPhone3=about(STRING, "Further phone number."),
    firstName=about(STRING, "First name."),
    homePhone=about(STRING, "Home phone number, as 11 digits."),
    id=about(LONG, "Id of the contact."),
    lastName=about(STRING, "Last name."),
    mobilePhone=about(STRING, "Mobile phone number, as 11 digits."),
    properties=about(STRING_MAP, "Properties of your own, as text."),
    workPhone=about(STRING, "Work phone number, as 11 digits."),
    zipcode=about(STRING, "ZIP code."),
)
CONTACT_LIST = model(
    "ContactList",
    "A list of contacts.",
    created=about(TIME, "Time at which the list was created."),
    id=about(LONG, "Id of the list."),
    name=about(STRING, "Name of the list."),
    size=about(INT, "Number of contacts in the list."),
    status=about(
        one_of(
            "ACTIVE",
            "VALIDATING",
            "IMPORTING",
            "IMPORT_FAILED",
            "ERRORS",
            "DELETED",
            "PARSE_FAILED",
            "COLUMN_TOO_LARGE",
        ),
        "Status of the list: VALIDATING at first, then ACTIVE or the reason of a failure.",
    ),
)
CREATE_CONTACT_LIST_REQUEST = model(
    "CreateContactListRequest",
    "A new contact list. Give exactly one of contacts, contactIds and contactNumbers.",
    contactIds=CONTACT_IDS,
    contactNumbers=CONTACT_NUMBERS,
    contactNumbersField=NUMBERS_FIELD,
    contacts=CONTACTS,
    name=about(STRING, "Name of the list."),
    useCustomFields=CUSTOM_FIELDS,
)
ADD_CONTACT_LIST_CONTACTS_REQUEST = model(
    "AddContactListContactsRequest",
    "Contacts for a list. Give exactly one of contacts, contactIds and contactNumbers.",
    contactIds=CONTACT_IDS,
    contactNumbers=CONTACT_NUMBERS,
    contactNumbersField=NUMBERS_FIELD,
    contacts=CONTACTS,
    useCustomFields=CUSTOM_FIELDS,
)
UPDATE_CONTACT_LIST_REQUEST = model(
    "UpdateContactListRequest", "A change of a contact list.", name=about(STRING, "New name of the list.")
)
DO_NOT_CONTACT = model(
    "DoNotContact",
    "A number on the do-not-contact list of the account.",
    call=CALL,
    campaignId=read_only(about(LONG, "Id of the campaign that added the number.")),
    created=read_only(about(TIME, "Time at which the number was added.")),
    inboundCall=INBOUND_CALL,
    inboundText=INBOUND_TEXT,
    number=about(STRING, "The number, as 11 digits."),
    source=about(STRING, "Where the number comes from. Default: Api V2."),
    text=TEXT,
)
ADD_DO_NOT_CONTACT_REQUEST = model(
    "AddDoNotContactRequest",
    "Numbers for the do-not-contact list.",
    call=CALL,
    inboundCall=INBOUND_CALL,
    inboundText=INBOUND_TEXT,
    numbers=about(list_of(STRING), "The numbers."),
    source=about(STRING, "Where the numbers come from. Default: Api V2."),
    text=TEXT,
)
UNIVERSAL_DO_NOT_CONTACT = model(
    "UniversalDoNotContact",
    "A number on the universal do-not-contact list, which no account may contact.",
    fromNumber=about(STRING, "Sender to which the entry applies. Default: all senders."),
    inboundCall=about(BOOLEAN, "Whether calls from the number are blocked."),
    inboundText=about(BOOLEAN, "Whether texts from the number are blocked."),
    outboundCall=about(BOOLEAN, "Whether calls to the number are blocked."),
    outboundText=about(BOOLEAN, "Whether texts to the number are blocked."),
    toNumber=about(STRING, "The number, as 11 digits."),
)
