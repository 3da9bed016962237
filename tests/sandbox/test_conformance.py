"""Every response matches the declaration of its operation, for any request."""

import json
from dataclasses import replace
from typing import Any

import pytest
from callfire_sandbox.api.callfire import Sandbox
from callfire_sandbox.switches import PROFILES, Switches
from callfire_sandbox.world import calling, texting
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.leases import lease_keyword
from callfire_sandbox.world.seed import populate
from callfire_sandbox.world.state import World
from callfire_sandbox.world.state_dump import dump
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.conforming import OPERATIONS, check, handle, requests

NOW = 1_700_000_000_123
RELAXED = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


def furnished(switches: Switches = PROFILES["kind"]) -> Sandbox:
    """Return a sandbox that contains one record of every type."""
    # The shape of some responses is a switch. The description declares one of the shapes.
    declared = replace(
        switches, empty_status=200, rate_limit=0, bare_number_lists=False, update_answers_id=True, deleted_dnc="flags"
    )
    world = World(clock=Clock(still_at=NOW), switches=declared)
    populate(world, "me", "secret", "account", "secret")
    sandbox = Sandbox(world)
    lease_keyword(world, "SUN")
    texting.receive(world, sender="12135550177", to="12135550100", message="hello")
    calling.receive(world, caller="12135550177", to="12135550100", recording_seconds=3)
    texts = [{"phoneNumber": "12135550177", "message": "hi"}]
    for path, body in {
        "/texts": texts,
        "/texts/broadcasts": {"name": "b", "message": "hi", "recipients": texts},
        "/texts/broadcasts?start=true": {"name": "running", "message": "hi", "recipients": texts},
        "/calls/broadcasts": {"name": "b", "recipients": [{"phoneNumber": "12135550177"}]},
        "/texts/auto-replys": {"message": "thanks", "match": "hello"},
        "/contacts": [{"homePhone": "12135550177", "firstName": "Ann", "properties": {"age": "7"}}],
        "/contacts/lists": {"name": "l", "contactNumbers": ["12135550188"]},
        "/contacts/dncs": {"numbers": ["12135550101"]},
        "/webhooks": {"name": "w", "resource": "InboundText", "callback": "http://127.0.0.1:9/"},
        "/campaigns/sounds/tts": {"message": "hello there"},
        "/orders/numbers": {"localCount": 1, "city": "chicago"},
    }.items():
        bare, _, query = path.partition("?")
        answer = handle(sandbox, ("POST", bare, query, {}, json.dumps(body).encode()))
        assert answer.status < 300, (path, answer.body)
    world.clock.advance(60_000)
    world.tasks.run_due(world)
    return sandbox


def ids_in(sandbox: Sandbox) -> list[int]:
    return [record["id"] for table in sandbox.world for record in table]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_answers_as_declared(name: str) -> None:
    ids = ids_in(furnished())
    statuses: set[int] = set()

    @settings(RELAXED, max_examples=40)
    @given(request=requests(name, ids))
    def answers(request: Any) -> None:
        answer = handle(furnished(), request)
        statuses.add(answer.status)
        check(name, answer)

    answers()
    assert statuses


@settings(RELAXED, max_examples=150)
@given(data=st.data(), profile=st.sampled_from(sorted(PROFILES)))
def test_any_sequence_of_requests_is_answered_as_declared(data: st.DataObject, profile: str) -> None:
    switches = replace(PROFILES[profile], total_count="exact")
    sandbox = furnished(switches)
    # These could disable the login of the other requests.
    names = sorted(OPERATIONS.keys() - {"deleteApiCredential", "disableApiCredentials"})
    for _ in range(12):
        name = data.draw(st.sampled_from(names))
        check(name, handle(sandbox, data.draw(requests(name, ids_in(sandbox)[-200:]))))
        sandbox.world.clock.advance(data.draw(st.sampled_from([0, 0, 150, 20_000])))


def test_the_same_requests_lead_to_the_same_state() -> None:
    harsh = PROFILES["harsh"]
    assert dump(furnished(harsh).world) == dump(furnished(harsh).world)


def test_the_check_can_fail() -> None:
    sandbox = furnished()
    answer = handle(sandbox, ("GET", "/me/account", "", {}, b""))
    check("getAccount", answer)
    for name in ("getText", "deleteWebhook"):
        with pytest.raises(Exception):  # noqa: B017, PT011 - any error will do
            check(name, replace(answer, body=b'{"id": "seven"}'))
