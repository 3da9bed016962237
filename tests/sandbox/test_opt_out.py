"""Opt-out words: which inbound texts put their sender on the do-not-contact list."""

import pytest
from callfire_sandbox.world.opt_out import is_opt_out

from tests.sandbox.conftest import Client

OPT_OUTS = """stop|STOP.|Stop!| quit |END|Revoke|opt out|Opt-Out|OPTOUT|cancel|Unsubscribe!|STOPALL|stop all|Stop please
|please STOP|unsubscribe me|STOP\u200b|\uff33\uff34\uff2f\uff30|«stop»|stop 🛑"""
OTHERS = """|please|stop by at eight|don't stop|the end of the day|cancel my order|opt in|optouts|out opt|stopped
|stop stop"""


@pytest.mark.parametrize("message", OPT_OUTS.replace("\n", "").split("|"))
def test_opt_out_words(client: Client, message: str) -> None:
    assert is_opt_out(message)
    client.inbound(message)
    assert client.text()["state"] == "DNC"
    assert client.get("/contacts/dncs").json()["items"][0]["source"] == "STOP"


@pytest.mark.parametrize("message", [*OTHERS.replace("\n", "").split("|"), "stop" + " " * 200])
def test_other_messages_do_not_opt_out(client: Client, message: str) -> None:
    assert not is_opt_out(message)
    client.inbound(message)
    assert client.text()["state"] == "READY"
