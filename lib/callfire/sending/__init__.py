"""Sends that never go out twice, and say what became of each recipient.

    keys        what a recipient is recognised by, and where it stands
    ledger      what this process knows of the messages it has had in hand
    lookup      finding what was sent already
    delivery    from recipients to rows: look, send, split, wait
    compliance, length, numbers, tracking: what the form may ask for beside that

`Sending` is an operation that does all of this; docs/sends.md tells what it can promise and what not.
"""

from lib.callfire.sending.channel import CALLS, TEXTS
from lib.callfire.sending.operation import Sending

__all__ = ["CALLS", "TEXTS", "Sending"]
