"""The account itself: who one is, the logins, caller ids and what was spent (`/me`)."""

from sandbox.models.account import ACCOUNT
from sandbox.operation import FIELDS, Request, operation
from sandbox.query import Record


@operation("getAccount", "GET /me/account", FIELDS, returns=ACCOUNT)
def get_account(request: Request) -> Record:
    """Find account details"""
    return request.world.account
