"""The webhooks of a flow in CallFire: one per resource, identified by URL and name."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticio import FlowFacts

from lib.callfire.api.client import Client
from lib.callfire.api.errors import CallFireError, NotFound, OutcomeUnknown
from lib.callfire.exact_json import is_id, whole
from lib.callfire.operation.body import properties_of
from lib.callfire.operation.fields import integer
from lib.callfire.operation.operation import DELETE, POST, PUT, Operation
from lib.callfire.operation.returns import created

log = logging.getLogger(__name__)
Webhook = Mapping[str, Any]
_ID = integer("id", "ID of the webhook.")
_CREATE = Operation(POST("/webhooks"), body=properties_of("Webhook"), returns=created("ID of the webhook."))
_UPDATE = Operation(PUT("/webhooks/{id}"), path=(_ID,), body=properties_of("Webhook"))
# Deleting a webhook twice has the same effect as once, so the request may be repeated.
_DELETE = Operation(DELETE("/webhooks/{id}"), path=(_ID,), repeatable=True)


@dataclass(frozen=True)
class WebhookRegistration:
    """The webhooks that a flow needs: {resource: the webhook's properties}."""

    client: Client
    flow: FlowFacts
    wanted: Mapping[str, Mapping[str, Any]] = field(repr=False)  # contains the secret

    def create(self) -> list[int]:
        """Create, update or delete the flow's webhooks as needed. Returns their IDs. A second call changes nothing."""
        own = list(own_webhooks(self.client, self.flow))
        kept = [self._updated(resource, own) or self._create(resource) for resource in self.wanted]
        remove(self.client, {int(webhook["id"]) for webhook in own} - set(kept))
        return kept

    def update(self) -> int | None:
        """Update webhooks that differ, e.g. after a change of the password. Log a warning for each missing webhook.

        Returns the creation time of the oldest webhook (Unix milliseconds), None if unknown.
        """
        own = list(own_webhooks(self.client, self.flow))
        for resource in self.wanted:
            if self._updated(resource, own) is None:
                log.warning("No CallFire webhook exists for %s. Stop and start the flow to create it.", resource)
        made = (whole(webhook.get("createdAt")) for webhook in own)
        return min((moment for moment in made if moment is not None), default=None)

    def _updated(self, resource: str, own: Iterable[Webhook]) -> int | None:
        """Return the ID of the webhook of a resource, updated if it differs. None if no webhook can be used."""
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
            made_now = self.client.call(_CREATE.request(body)).value
            if not is_id(made_now.get("id")):
                raise OutcomeUnknown("POST /webhooks: CallFire's response does not contain the ID of the webhook.")
            return int(made_now["id"])
        except OutcomeUnknown:
            made = [webhook for webhook in own_webhooks(self.client, self.flow) if webhook.get("resource") == resource]
            if not made:
                raise
            return int(made[0]["id"])


def name_of(name: str, flow: FlowFacts) -> str:
    """Return the name of a flow's webhooks. The name identifies webhooks after a change of the platform's URL."""
    return f"{name} {_mark(flow)}"


def own_webhooks(client: Client, flow: FlowFacts) -> Iterator[Webhook]:
    """Yield all webhooks of this flow, including those of earlier runs."""
    for page in client.pages("/webhooks"):
        for webhook in page["items"]:
            if not isinstance(webhook, Mapping) or not is_id(webhook.get("id")):
                continue
            is_here = flow.webhook_uri is not None and webhook.get("callback") == flow.webhook_uri
            if is_here or str(webhook.get("name") or "").endswith(_mark(flow)):
                yield webhook


def remove(client: Client, numbers: Iterable[int]) -> None:
    """Delete webhooks. Missing webhooks count as deleted. Raises `CallFireError` after it has tried all of them."""
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
            f"Webhooks could not be deleted (IDs {left}). Delete them in CallFire, or start and stop the flow again. "
            f"{failures[0][1]}"
        ) from failures[0][1]


def _mark(flow: FlowFacts) -> str:
    return f"[{flow.flow_id}/{flow.step_id}]"
