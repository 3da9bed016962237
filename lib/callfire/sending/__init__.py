"""Sends and orders with duplicate prevention, and a result per recipient.

    send_operation, order_operation   the actions: inputs, output, requests
    send_form, send_options           the form: fields and values
    recipients                        recipients and their results; duplicates; pairing with CallFire's response
    idempotency_key                   the attribute that identifies a send
    ledger                            the messages that this process worked on
    outbound_delivery                 search, send, split, wait
    sent_search, order_matching       the search for earlier sends and orders
    compliance, opt_out               do-not-contact lists, quiet hours, opt-out words
    text_length, tracking             segments and limits; final results

docs/sends.md describes the form, the output, and the guarantees.
"""

from lib.callfire.sending.opt_out import is_opt_out
from lib.callfire.sending.send_channel import CALLS, TEXTS
from lib.callfire.sending.send_operation import SendOperation

__all__ = ["CALLS", "TEXTS", "SendOperation", "is_opt_out"]
