"""Opt-out words: does a received text ask for no more messages?

The words are those of 47 CFR 64.1200(a)(10) and the additional ones of US carriers. Case, punctuation and courtesies do
not matter: "STOP.", "Unsubscribe!" and "Stop texting me please" are opt-outs, "stop by at 5" is none. Recipes use
`is_opt_out`; flows use `CONDITION`, the same rule in JSONata, as in examples/auto-reply.flow.json.
"""

import re

REGULATION = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")
CARRIERS = ("stopall", "optout")
COURTESIES = (
    *("please", "pls", "plz", "thanks", "thank", "you", "now", "me", "all"),
    *("text", "texts", "texting", "message", "messages", "messaging", "msg", "msgs", "sms", "sending"),
)

_COURTESIES = rf"\b(?:{'|'.join(COURTESIES)})\b"
_SEPARATORS = "[^a-z0-9]+"
_WORDS = f"^(?:{'|'.join(dict.fromkeys(word.replace(' ', '') for word in (*REGULATION, *CARRIERS)))})+$"

CONDITION = (
    f"$not($contains($replace($replace($lowercase('' & body.message), /{_COURTESIES}/, ''), /{_SEPARATORS}/, ''), "
    f"/{_WORDS}/))"
)
"""JSONata that is true for a received text (`body.message`) that is no opt-out: the condition of an edge."""


def is_opt_out(text: str) -> bool:
    """Return whether a received text asks for no more messages."""
    words = re.sub(_SEPARATORS, "", re.sub(_COURTESIES, "", text.lower(), flags=re.ASCII))
    return re.search(_WORDS, words) is not None
