"""This flow's webhooks at CallFire: one for each resource. They are recognised by their address and by their name."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from elasticio import FlowFacts

from lib.callfire.api import paging
from lib.callfire.api.client import Client
from lib.callfire.api.errors import CallFireError, NotFound, OutcomeUnknown
from lib.callfire.operation.body import properties_of
from lib.callfire.operation.common_fields import PAGE
from lib.callfire.operation.fields import integer
from lib.callfire.operation.operation import DELETE, GET, POST, PUT, Operation
from lib.callfire.operation.returns import created, page_of

log = logging.getLogger(__name__)
Webhook = Mapping[str, Any]
_ID = integer("id", "ID of the webhook.")
_FIND = Operation(GET("/webhooks"), query=PAGE, returns=page_of("Webhook"))
_CREATE = Operation(POST("/webhooks"), body=properties_of("Webhook"), returns=created("ID of the webhook."))
_UPDATE = Operation(PUT("/webhooks/{id}"), path=(_ID,), body=properties_of("Webhook"))
# Removed twice is removed.
_DELETE = Operation(DELETE("/webhooks/{id}"), path=(_ID,), repeatable=True)


@dataclass(frozen=True)
class Registration:
    """The webhooks that a flow wants: {resource: its body}."""

    client: Client
    flow: FlowFacts
    wanted: Mapping[str, Mapping[str, Any]]

    def ensure(self) -> list[int]:
        """Make CallFire's webhooks of this flow the wanted ones; returns their ids. Doing it twice changes nothing."""
        own = list(own_webhooks(self.client, self.flow))
        kept = [self._kept(resource, own) or self._create(resource) for resource in self.wanted]
        remove(self.client, (webhook["id"] for webhook in own if webhook["id"] not in kept))
        return kept

    def mend(self) -> int | None:
        """Put right what differs, e.g. since the password was changed; what is missing is only told.

        Returns since when CallFire has been delivering (Unix milliseconds), None where it does not say.
        """
        own = list(own_webhooks(self.client, self.flow))
        for resource in self.wanted:
            if self._kept(resource, own) is None:
                log.warning("CallFire has no webhook for %s of this flow: switch it off and on again", resource)
        made = (webhook.get("createdAt") for webhook in own)
        return min((moment for moment in made if isinstance(moment, int)), default=None)

    def _kept(self, resource: str, own: Iterable[Webhook]) -> int | None:
        """Find the webhook of a resource among the flow's own and make it right; None if there is none that can be."""
        body = self.wanted[resource]
        for webhook in own:
            if webhook.get("resource") != resource or (webhook.get("fields") and "fields" not in body):
                continue
            if any(webhook.get(name) != value for name, value in body.items()):
                self.client.call(_UPDATE.request({**body, "id": webhook["id"]}))
            return int(webhook["id"])
        return None

    def _create(self, resource: str) -> int:
        body = self.wanted[resource]
        try:
            return int(self.client.call(_CREATE.request(body)).value["id"])
        except OutcomeUnknown:
            made = [webhook for webhook in own_webhooks(self.client, self.flow) if webhook.get("resource") == resource]
            if not made:
                raise
            return int(made[0]["id"])


def name_of(name: str, flow: FlowFacts) -> str:
    """The name of a flow's webhooks, by which they are found again when the platform's address has changed."""
    return f"{name} {_mark(flow)}"


def own_webhooks(client: Client, flow: FlowFacts) -> Iterator[Webhook]:
    """Yield all webhooks of this flow, orphans of earlier runs included."""

    def fetch(limit: int, offset: int) -> dict[str, Any]:
        value = client.call(_FIND.request({"limit": limit, "offset": offset})).value
        return value if isinstance(value, dict) else {}

    for page in paging.walk(fetch, 100):
        for webhook in page.get("items") or []:
            is_here = flow.webhook_uri is not None and webhook.get("callback") == flow.webhook_uri
            if is_here or str(webhook.get("name") or "").endswith(_mark(flow)):
                yield webhook


def remove(client: Client, numbers: Iterable[int]) -> None:
    """Remove webhooks, those that are gone already included; tries all of them before it raises."""
    failures = []
    for number in sorted(set(numbers)):
        try:
            client.call(_DELETE.request({"id": number}))
        except NotFound:
            continue
        except CallFireError as error:
            failures.append((number, error))
    if failures:
        left = ", ".join(str(number) for number, _ in failures)
        raise CallFireError(
            f"Webhooks are left at CallFire (ids {left}); remove them there, or switch the flow on and off once more. "
            f"{failures[0][1]}"
        ) from failures[0][1]


def _mark(flow: FlowFacts) -> str:
    return f"[{flow.flow_id}/{flow.step_id}]"
