"""The server with a latency: its responses, and requests in pieces."""

import http.client
import time

from bench.slow_api import slow_api


def test_each_response_follows_after_the_latency() -> None:
    with slow_api({"/v2/call": b'{"id": 1}'}, 0.05, "slow", "1") as target:
        connection = http.client.HTTPConnection(target.url.split("/")[2], timeout=30)
        for method, path, body, expected in (
            ("GET", "/v2/call", None, (200, b'{"id": 1}')),
            ("POST", "/v2/call", b"x" * 100_000, (200, b'{"id": 1}')),
            ("GET", "/v2/other", None, (404, b"")),
        ):
            began = time.monotonic()
            connection.request(method, path, body)
            response = connection.getresponse()
            assert (response.status, response.read()) == expected
            assert time.monotonic() - began >= 0.05
        connection.close()
