"""Examples that the designer shows for inputs and properties, by CallFire's names.

A name has the same meaning in all operations, so one example per name suffices. Examples of another type than the
property, and those of properties with fixed values, are not shown.
"""

from collections.abc import Mapping
from typing import Any

_PHONE = "12132000384"
_TIME = "2024-05-31T09:00:00Z"
_MILLISECONDS = 1717146000000
_ID = 5604112003
_VALUES: Mapping[str, Any] = {
    "attachmentUrl": "https://storage.example.com/objects/1c2d",
    "batchId": 5604115003,
    "billedAmount": 1.5,
    "broadcastName": "Spring Sale",
    "callback": "https://hooks.example.com/callfire",
    "callerName": "JANE DOE",
    "callsDuration": 340,
    "campaignId": 5604110003,
    "carrier": "T-Mobile",
    "city": "Los Angeles",
    "cityPrefix": "Los",
    "companyName": "Example Inc.",
    "contactId": 5604113003,
    "contactNumbersField": "mobilePhone",
    "content": "SUQzBAAAAAAAI1RTU0UAAAA=",
    "contentType": "audio/mpeg",
    "country": "US",
    "day": 31,
    "defaultLiveMessage": "Your order is ready for pickup.",
    "defaultMachineMessage": "Please call us back about your order.",
    "defaultMessage": "Your order is ready for pickup.",
    "dialplanXml": '<dialplan name="Root"><play type="tts">Hello</play></dialplan>',
    "dncDigit": "9",
    "dncSoundText": "You will receive no more calls from us.",
    "duration": 42,
    "email": "jane@example.com",
    "encoding": "GSM-7",
    "endDate": "2024-06-30",
    "error": "The number is on a do-not-contact list (DNC).",
    "event": "finished",
    "extension": "mp3",
    "externalId": "C-1042",
    "externalSystem": "SALES_FORCE_CONTACTS",
    "extraPhone1": _PHONE,
    "extraPhone2": _PHONE,
    "extraPhone3": _PHONE,
    "fields": "id,message",
    "fileName": "recording-5604112003.mp3",
    "filename": "greeting.mp3",
    "firstName": "Jane",
    "forwardNumber": _PHONE,
    "homePhone": _PHONE,
    "hour": 9,
    "idempotencyKey": "order-1042",
    "index": 0,
    "keyword": "SUMMER",
    "label": "customer",
    "labelName": "customer",
    "lastName": "Doe",
    "latitude": 34.05,
    "lengthInBytes": 68352,
    "lengthInSeconds": 42,
    "limit": 100,
    "liveMessage": "Your order is ready for pickup.",
    "liveSoundText": "Your order is ready for pickup.",
    "longitude": -118.24,
    "machineMessage": "Please call us back about your order.",
    "machineSoundText": "Please call us back about your order.",
    "match": "hours",
    "maxActive": 100,
    "maxActiveTransfers": 5,
    "maxAttempts": 3,
    "mediaType": "JPEG",
    "message": "Your order is ready for pickup.",
    "messageText": "Your order is ready for pickup.",
    "minute": 30,
    "minutesBetweenAttempts": 60,
    "mobilePhone": _PHONE,
    "month": 5,
    "nationalFormat": "(213) 200-0384",
    "number": _PHONE,
    "offset": 0,
    "optInConfirmationMessage": "Reply YES to join the list.",
    "outcome": "delivered",
    "pattern": "85*",
    "phoneNumber": _PHONE,
    "prefix": "1213",
    "propertyName": "customerNumber",
    "propertyValue": "C-1042",
    "publicUrl": "https://media.example.com/menu.jpg",
    "question": "rating",
    "requestId": "order-1042",
    "resource": "InboundText",
    "response": "5",
    "retryAfter": "2024-06-01T08:00:00-07:00",
    "second": 0,
    "secret": "8f1c2b7d4e9a",
    "segments": 1,
    "shortCode": "67076",
    "size": 250,
    "source": "web form",
    "startDate": "2024-05-31",
    "state": "CA",
    "statusCode": 200,
    "switchId": "14",
    "googleAccountId": "UA-10420-1",
    "timeZone": "America/Los_Angeles",
    "totalCount": 250,
    "transferDigit": "1",
    "transferMessage": "Connecting you now.",
    "transferNumber": _PHONE,
    "transferSoundText": "Connecting you now.",
    "verificationCode": "4821",
    "workPhone": _PHONE,
    "year": 2024,
    "zipcode": "90017",
}
# Lists of plain values, as text with commas
_LISTS: Mapping[str, str] = {
    "contactNumbers": f"{_PHONE}, 12132000385",
    "contactId": "5604113003, 5604113004",
    "contactIds": "5604113003, 5604113004",
    "daysOfWeek": "MONDAY, TUESDAY",
    "events": "started, finished",
    "id": "5604112003, 5604112004",
    "keywords": "SUMMER, SALE",
    "label": "customer, spring",
    "labels": "customer, spring",
    "number": f"{_PHONE}, 12132000385",
    "numbers": f"{_PHONE}, 12132000385",
    "results": "SENT, RECEIVED",
    "retryPhoneTypes": "MOBILE_PHONE, HOME_PHONE",
    "retryResults": "BUSY, NO_ANS",
    "states": "READY, FINISHED",
    "status": "PROCESSING, FINISHED",
    "transferNumbers": f"{_PHONE}, 12132000385",
}


def example(name: str, schema: Mapping[str, Any], *, inputs: bool) -> Any:
    """Return an example for the field `name` with this schema, None if there is none."""
    found = _example(name, schema, inputs=inputs)
    is_number = isinstance(found, int | float)
    kinds = {"string": isinstance(found, str), "integer": is_number, "number": is_number}
    is_shown = schema.get("type") == "array" or schema.get("format") == "unix-ms" or kinds.get(schema.get("type", ""))
    return found if is_shown and "enum" not in schema else None


def _example(name: str, schema: Mapping[str, Any], *, inputs: bool) -> Any:
    if schema.get("type") == "array":
        return _LISTS.get(name) if inputs else None
    match schema.get("format"):
        case "unix-ms":
            return _TIME if inputs else _MILLISECONDS
        case "phone" | "phone-as-given" | "phone-list":
            return _PHONE
    if name == "id" or (name.endswith("Id") and name not in _VALUES):
        return _ID
    if name in ("fromNumber", "toNumber"):
        return _PHONE
    return _VALUES.get(name)
