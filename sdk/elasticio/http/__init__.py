"""A small HTTP/1.1 client for hot paths. Each failure tells whether the server can have executed the request.

client           requests to one server over a pool of connections
connecting       a new connection, through TLS and a proxy if needed
http_connection  reads and writes before a deadline
response         a response while it is read, parsed by httptools (llhttp)
failures         why a request has no response: not connected, not written, or written without a usable response
proxies          the proxy that the environment names for a server
trust            the certificate authorities that the client trusts

Use `requests` for what this client lacks: redirects and cookies.
"""

from elasticio.http.client import HttpClient
from elasticio.http.failures import HttpFailure, NotConnected, NotWritten, Unanswered
from elasticio.http.response import HttpHeaders, HttpResponse, HttpStream

__all__ = [
    "HttpClient",
    "HttpFailure",
    "HttpHeaders",
    "HttpResponse",
    "HttpStream",
    "NotConnected",
    "NotWritten",
    "Unanswered",
]
