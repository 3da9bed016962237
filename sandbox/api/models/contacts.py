"""Contacts, contact lists and do-not-contact (DNC) entries."""

from sandbox.api.schema import BOOLEAN, INT, LONG, STRING, STRING_MAP, TIME, list_of, model, one_of, read_only, ref

CONTACT = model(
    "Contact",
    deleted=BOOLEAN,
    externalId=STRING,
    externalSystem=STRING,
    extraPhone1=STRING,
    extraPhone2=STRING,
    extraPhone3=STRING,
    firstName=STRING,
    homePhone=STRING,
    id=LONG,
    lastName=STRING,
    mobilePhone=STRING,
    properties=STRING_MAP,
    workPhone=STRING,
    zipcode=STRING,
)
CONTACT_LIST = model(
    "ContactList",
    created=TIME,
    id=LONG,
    name=STRING,
    size=INT,
    status=one_of(
        "ACTIVE", "VALIDATING", "IMPORTING", "IMPORT_FAILED", "ERRORS", "DELETED", "PARSE_FAILED", "COLUMN_TOO_LARGE"
    ),
)
CREATE_CONTACT_LIST_REQUEST = model(
    "CreateContactListRequest",
    contactIds=list_of(LONG),
    contactNumbers=list_of(STRING),
    contactNumbersField=STRING,
    contacts=list_of(ref("Contact")),
    name=STRING,
    useCustomFields=BOOLEAN,
)
ADD_CONTACT_LIST_CONTACTS_REQUEST = model(
    "AddContactListContactsRequest",
    contactIds=list_of(LONG),
    contactNumbers=list_of(STRING),
    contactNumbersField=STRING,
    contacts=list_of(ref("Contact")),
    useCustomFields=BOOLEAN,
)
UPDATE_CONTACT_LIST_REQUEST = model("UpdateContactListRequest", name=STRING)
DO_NOT_CONTACT = model(
    "DoNotContact",
    call=BOOLEAN,
    campaignId=read_only(LONG),
    created=read_only(TIME),
    inboundCall=BOOLEAN,
    inboundText=BOOLEAN,
    number=STRING,
    source=STRING,
    text=BOOLEAN,
)
ADD_DO_NOT_CONTACT_REQUEST = model(
    "AddDoNotContactRequest",
    call=BOOLEAN,
    inboundCall=BOOLEAN,
    inboundText=BOOLEAN,
    numbers=list_of(STRING),
    source=STRING,
    text=BOOLEAN,
)
UNIVERSAL_DO_NOT_CONTACT = model(
    "UniversalDoNotContact",
    fromNumber=STRING,
    inboundCall=BOOLEAN,
    inboundText=BOOLEAN,
    outboundCall=BOOLEAN,
    outboundText=BOOLEAN,
    toNumber=STRING,
)
