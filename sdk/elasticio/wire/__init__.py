"""The wire format: what a message is between two steps.

Everything here is pure: no threads, no sockets, no clock, no log. Times are arguments. What cannot be read or written
raises MessageError.

incoming     a delivery becomes a message and its facts
message      the message itself
headers      the AMQP headers of what a step publishes
events       each event becomes a publication
passthrough  what earlier steps emitted, carried along
rebound      the message once more, with a delay
publication  what AMQP can carry
encryption   AES for payloads
json         JSON for payloads
text         text from outside, made fit for headers and logs
"""
