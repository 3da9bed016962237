"""The wire format of messages between two steps.

All functions are pure: no threads, no sockets, no clock, no log. Times are arguments. They raise MessageError for
content that cannot be read or written.

incoming     decodes a delivery to a message and its metadata
message      the message
headers      the AMQP headers of publications
events       converts each event to a publication
passthrough  the messages of earlier steps
rebound      the publication of a message with a delay
publication  validates what AMQP can carry
encryption   AES for payloads
json         JSON for payloads
text         makes text from outside valid for headers and logs
"""
