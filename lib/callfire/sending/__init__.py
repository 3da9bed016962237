"""Sends and orders that are carried out once, with a result per recipient.

    send_operation, order_operation   the actions: inputs, output, requests
    send_form, send_options           the form: its fields, and what they contain
    recipients                        one recipient and its result; duplicates; pairing with CallFire's answer
    idempotency_key                   the attribute by which a send is recognized
    ledger                            what this process knows about its messages
    outbound_delivery                 search, send, split, wait
    sent_search, order_matching       finding what was sent or ordered already
    compliance, opt_out               do-not-contact lists, quiet hours, opt-out words
    text_length, tracking             segments and limits; final results

docs/sends.md describes the form, the output, and the guarantees.
"""

from lib.callfire.sending.opt_out import is_opt_out
from lib.callfire.sending.send_channel import CALLS, TEXTS
from lib.callfire.sending.send_operation import SendOperation

__all__ = ["CALLS", "TEXTS", "SendOperation", "is_opt_out"]
