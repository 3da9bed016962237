"""Opt-out words: replies that revoke the consent to receive texts.

The words are those of 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe) and STOPALL, which
the carriers add. Case, punctuation and courtesies such as "please" do not matter.
"""

import re
import unicodedata

OPT_OUT_WORDS = frozenset({"STOP", "STOPALL", "QUIT", "END", "REVOKE", "OPTOUT", "CANCEL", "UNSUBSCRIBE"})
COURTESIES = frozenset(
    {"PLEASE", "PLS", "PLZ", "THANKS", "THANK", "YOU", "NOW", "ALL", "TEXTING", "MESSAGING", "ME", "TEXTS", "MESSAGES"}
)
LONGEST = 100
_WORD = re.compile(r"[^\W_]+")


def is_opt_out(message: str) -> bool:
    """Return whether a message asks to receive no more texts.

    The message is one opt-out word, before or after courtesies: `Stop`, `opt-out`, `STOP.`, `Please unsubscribe me`.
    A sentence such as `Stop by at eight` is not an opt-out.
    """
    if len(message) > LONGEST:
        return False
    words = _WORD.findall(unicodedata.normalize("NFKC", message).upper())
    rest = [word for word in words if word not in COURTESIES]
    return "".join(rest) in OPT_OUT_WORDS and (len(rest) == 1 or rest == ["OPT", "OUT"])
