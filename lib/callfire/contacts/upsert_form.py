"""The form of Upsert Contact: fields and values."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.callfire import form
from lib.callfire.api.paging import DEFAULT_PAGE_SIZE, page_size
from lib.callfire.form import Config, FormField
from lib.callfire.sending.send_form import WAIT_LIMIT
from lib.callfire.sending.send_options import DEFAULT_SETTLE_TIME, SendOptions

NUMBER, EXTERNAL_ID = "number", "externalId"
ERROR, FIRST = "error", "first"


def upsert_fields() -> Mapping[str, FormField]:
    """Return the form fields, without those of all actions."""
    return {
        "matchBy": form.select(
            "Match By",
            "Phone number: one request. External ID: reads the account's contacts page by page, because CallFire has "
            "no filter for external IDs.",
            {NUMBER: "Phone number", EXTERNAL_ID: "External ID and external system"},
            order=100,
        ),
        "ifSeveral": form.select(
            "If Several Contacts Match",
            "Throw error: the error contains the IDs, and nothing is changed. Update the oldest: the contact with the "
            "lowest ID is updated.",
            {ERROR: "Throw error", FIRST: "Update the oldest"},
            order=95,
        ),
        "pageSize": form.text_field(
            "Page Size",
            f"Number of contacts per request in a search by external ID. Default: {DEFAULT_PAGE_SIZE}.",
            order=30,
            placeholder=str(DEFAULT_PAGE_SIZE),
        ),
        "settleTime": form.text_field(
            "Settle Time (seconds)",
            "Maximum time until a created contact becomes visible in CallFire. A contact that may have been created is "
            f"searched for this time before it is created again. Default: {DEFAULT_SETTLE_TIME:g}.",
            order=57,
            placeholder=f"{DEFAULT_SETTLE_TIME:g}",
        ),
        "waitLimit": WAIT_LIMIT,
    }


@dataclass(frozen=True)
class UpsertOptions:
    """The values of the form. `creating` are the options for a create with an unknown outcome."""

    by_number: bool
    takes_first: bool
    page_size: int
    creating: SendOptions

    @classmethod
    def read(cls, config: Config) -> "UpsertOptions":
        """Read a step's configuration. Raises `InvalidSettings`, which names the invalid field."""
        return cls(
            by_number=form.choice(config, "matchBy", NUMBER, (NUMBER, EXTERNAL_ID)) == NUMBER,
            takes_first=form.choice(config, "ifSeveral", ERROR, (ERROR, FIRST)) == FIRST,
            page_size=page_size(config),
            creating=SendOptions.read_for_order(config),
        )
