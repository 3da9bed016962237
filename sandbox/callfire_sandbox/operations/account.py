"""The account: details, API credentials, caller IDs and credit usage (`/me`)."""

from datetime import UTC, datetime

from callfire_sandbox.api.models.account import (
    ACCOUNT,
    API_CREDENTIAL,
    BILLING_PLAN_USAGE,
    CALLER_ID,
    CALLER_ID_VERIFICATION_REQUEST,
    CREDIT_USAGE,
)
from callfire_sandbox.api.operation import FIELDS, Request, operation
from callfire_sandbox.api.resources import INTERVAL, Resource, contains
from callfire_sandbox.api.schema import BOOLEAN, items_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.world.billing import credits_left
from callfire_sandbox.world.logins import add_login
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.table import public

VERIFICATION_CODE = "1234"
"""The code is fixed because the sandbox places no real call."""


@operation("getAccount", "GET /me/account", FIELDS, returns=ACCOUNT)
def get_account(request: Request) -> Record:
    """Find account details"""
    return request.world.account


@operation("getBillingPlanUsage", "GET /me/billing/plan-usage", returns=BILLING_PLAN_USAGE)
def get_billing_plan_usage(request: Request) -> Record:
    """Find plan usage"""
    today = datetime.fromtimestamp(request.world.clock.now() / 1000, UTC)
    first = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    left = credits_left(request.world)
    return {
        "intervalStart": int(first.timestamp() * 1000),
        "intervalEnd": int(after.timestamp() * 1000) - 1,
        "remainingPlanCredits": 0.0,
        "remainingPayAsYouGoCredits": left,
        "totalRemainingCredits": left,
    }


@operation("getCreditUsage", "GET /me/billing/credit-usage", *INTERVAL, returns=CREDIT_USAGE)
def get_credit_usage(request: Request) -> Record:
    """Find credit usage"""
    world = request.world
    begin = request.query["intervalBegin"] or 0
    end = world.time() if request.query["intervalEnd"] is None else request.query["intervalEnd"]

    def spent(table: str) -> list[Record]:
        return [record for record in world[table] if begin <= record["created"] <= end and not record.get("inbound")]

    texts, calls, orders = (spent(table) for table in ("texts", "calls", "orders"))
    records = [record for action in (*texts, *calls) for record in action["records"]]
    seconds = sum(record.get("duration", 0) for record in records)
    return {
        "intervalBegin": begin,
        "intervalEnd": end,
        "callsDurationMinutes": -(-seconds // 60),
        "textsSent": sum(text.get("finalTextResult") == "SENT" for text in texts),
        "creditsUsed": sum(record["billedAmount"] for record in records) + sum(made["totalCost"] for made in orders),
    }


@operation("getCallerIds", "GET /me/callerids", returns=items_of(CALLER_ID))
def get_caller_ids(request: Request) -> Record:
    """Find caller ids"""
    verified = [entry for entry in request.world["caller_ids"] if entry["_"]["verified"]]
    return {"items": [{"phoneNumber": entry["phoneNumber"]} for entry in verified]}


@operation("sendVerificationCodeToCallerId", "POST /me/callerids/{callerid}")
def send_verification_code_to_caller_id(request: Request) -> None:
    """Create a caller id"""
    number = normal(request.path["callerid"])
    if number is None:
        raise BadRequestError("callerid: this is not a phone number. Use 11 digits.")
    callers = request.world["caller_ids"]
    known = callers.first(phoneNumber=number)
    if known and known["_"]["verified"]:
        raise BadRequestError("callerid: this is a number that is already verified.")
    if known is None:
        callers.add({"phoneNumber": number, "_": {"verified": False}})


@operation(
    "verifyCallerId",
    "POST /me/callerids/{callerid}/verification-code",
    body=CALLER_ID_VERIFICATION_REQUEST,
    returns=BOOLEAN,
)
def verify_caller_id(request: Request) -> bool:
    """Verify a caller id"""
    entry = request.world["caller_ids"].first(phoneNumber=normal(request.path["callerid"]))
    if entry is None:
        raise NotFoundError("No verification code was sent to this number. Send one first.")
    if request.body.get("verificationCode") != VERIFICATION_CODE:
        return False
    request.world["caller_ids"].note(entry, verified=True)
    return True


CREDENTIALS = Resource(
    "credentials", "API credential", API_CREDENTIAL, listed=lambda login: login["_"]["kind"] == "api"
)
CREDENTIALS.find(
    "findApiCredentials", "GET /me/api/credentials", "Find api credentials", contains("name", "name"), login="account"
)


@operation("getApiCredential", "GET /me/api/credentials/{id}", FIELDS, returns=API_CREDENTIAL, login="account")
def get_api_credential(request: Request) -> Record:
    """Find a specific api credential"""
    return _credential(request)


@operation(
    "createApiCredential", "POST /me/api/credentials", body=API_CREDENTIAL, returns=API_CREDENTIAL, login="account"
)
def create_api_credential(request: Request) -> Record:
    """Create api credentials"""
    world = request.world
    username, password = (f"{world.random.getrandbits(64):016x}" for _ in range(2))
    login = add_login(world, "api", request.body.get("name", "API credential"), username, password)
    return {**public(login), "password": password}


@operation("deleteApiCredential", "DELETE /me/api/credentials/{id}", login="account")
def delete_api_credential(request: Request) -> None:
    """Delete api credentials"""
    request.world["credentials"].remove(_credential(request))


@operation("enableApiCredentials", "POST /me/api/credentials/{id}/enable", login="account")
def enable_api_credentials(request: Request) -> None:
    """Enable specified API credentials"""
    request.world["credentials"].change(_credential(request), enabled=True)


@operation("disableApiCredentials", "POST /me/api/credentials/{id}/disable", login="account")
def disable_api_credentials(request: Request) -> None:
    """Disable specified API credentials"""
    request.world["credentials"].change(_credential(request), enabled=False)


def _credential(request: Request) -> Record:
    found = CREDENTIALS.need(request)
    if found["_"]["kind"] != "api":
        raise NotFoundError(f"There is no API credential with id {request.path['id']}.")
    return found
