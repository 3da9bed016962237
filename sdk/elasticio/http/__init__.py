"""A small HTTP/1.1 client for hot paths: one server, kept connections, and the exact fate of each request.

client      requests to one server over a pool of connections
connecting  a new connection, through TLS and a proxy where needed
answer      an answer while it is read, parsed by httptools (llhttp)
failures    why a request has no answer: not connected, not written, or written without a usable answer
proxies     which proxy the environment asks for
trust       which certificates count

Use `requests` for what needs its features: redirects, cookies, files from arbitrary addresses.
"""

from elasticio.http.answer import HttpAnswer, HttpHeaders, HttpStream
from elasticio.http.client import HttpClient
from elasticio.http.failures import HttpFailure, NotConnected, NotWritten, Unanswered

__all__ = [
    "HttpAnswer",
    "HttpClient",
    "HttpFailure",
    "HttpHeaders",
    "HttpStream",
    "NotConnected",
    "NotWritten",
    "Unanswered",
]
