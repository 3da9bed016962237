"""Opt-out words: the rule that recognizes inbound texts with which a recipient opts out.

The words are those of 47 CFR 64.1200(a)(10) and additional words of US carriers. Case, punctuation and courtesies are
ignored: "STOP.", "Unsubscribe!" and "Stop texting me please" are opt-outs, "stop by at 5" is not. Python code uses
`is_opt_out`. Flows use `CONDITION`, the same rule in JSONata, as in examples/auto-reply.flow.json.
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
"""JSONata for the condition of an edge: true for an inbound text (`body.message`) that is not an opt-out."""


def is_opt_out(text: str) -> bool:
    """Return whether an inbound text is an opt-out."""
    words = re.sub(_SEPARATORS, "", re.sub(_COURTESIES, "", text.lower(), flags=re.ASCII))
    return re.search(_WORDS, words) is not None
