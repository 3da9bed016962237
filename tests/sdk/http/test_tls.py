"""TLS connections."""

from pathlib import Path

import pytest
from elasticio.http import HttpClient, NotConnected

from tests.lib.certificates import certificate
from tests.sdk.http.scripted import OK, Peer, answers, repeats, scripted


class TestTls:
    def test_a_trusted_server_is_used(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        trusted, context = certificate(tmp_path)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
        with scripted(repeats(OK), context=context) as server:
            client = HttpClient(f"https://127.0.0.1:{server.port}", timeout=10)
            assert [client.request("GET", "/").body for _ in range(2)] == [b"hi", b"hi"]
            client.close()
        assert server.connections == 1

    def test_an_unknown_authority_is_refused_before_the_request(self, tmp_path: Path) -> None:
        _, context = certificate(tmp_path)
        refused = pytest.raises(NotConnected, match="certificate was refused")
        with scripted(repeats(OK), context=context) as server, refused as failed:
            HttpClient(f"https://127.0.0.1:{server.port}", timeout=10).request("POST", "/", body=b"x")
        assert failed.value.certificate_refused

    def test_a_server_without_tls_raises_not_connected(self) -> None:
        with scripted(answers(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server, pytest.raises(NotConnected):
            HttpClient(f"https://127.0.0.1:{server.port}", timeout=1).request("POST", "/", body=b"x")

    def test_a_hanging_handshake_times_out(self) -> None:
        with scripted(Peer.hang) as server, pytest.raises(NotConnected) as failed:
            HttpClient(f"https://127.0.0.1:{server.port}", timeout=0.3).request("POST", "/", body=b"x")
        assert failed.value.timed_out
