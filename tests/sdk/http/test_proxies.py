"""Proxies: tunnels, plain HTTP, and exceptions."""

import socket
import threading
from pathlib import Path

import pytest
from elasticio.http import HttpClient, NotConnected

from tests.lib.certificates import certificate
from tests.sdk.http.scripted import OK, Handler, Peer, repeats, scripted


def proxy_to(target: int, seen: list[bytes], answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n") -> Handler:
    """Return a proxy that tunnels every CONNECT to a port of this machine."""

    def handler(peer: Peer) -> None:
        seen.append(peer.request())
        peer.send(answer)
        if b" 200 " not in answer:
            return
        with socket.create_connection(("127.0.0.1", target)) as upstream:

            def back() -> None:
                try:
                    while piece := upstream.recv(65536):
                        peer.send(piece)
                except OSError:
                    pass

            reader = threading.Thread(target=back, daemon=True)
            reader.start()
            while piece := peer.stream.recv(65536):
                upstream.sendall(piece)
            upstream.shutdown(socket.SHUT_WR)
            reader.join()

    return handler


class TestProxies:
    def test_tls_goes_through_a_tunnel(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        trusted, context = certificate(tmp_path, "192.0.2.1")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
        seen: list[bytes] = []
        with (
            scripted(repeats(OK), context=context) as server,
            scripted(proxy_to(server.port, seen)) as proxy,
        ):
            monkeypatch.setenv("https_proxy", f"http://us%3Aer:pass@127.0.0.1:{proxy.port}")
            client = HttpClient("https://192.0.2.1", timeout=10)
            assert client.request("GET", "/").body == b"hi"
            client.close()
        assert seen == [
            (
                b"CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n"
                b"Proxy-Authorization: Basic dXM6ZXI6cGFzcw==\r\n\r\n"
            )
        ]

    @pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you\r\n\r\n", b"nonsense", b"", b"x" * 20_000])
    def test_a_proxy_that_refuses_a_tunnel_raises_not_connected(
        self, answer: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with scripted(proxy_to(0, [], answer)) as proxy:
            monkeypatch.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
            with pytest.raises(NotConnected):
                HttpClient("https://192.0.2.1", timeout=10).request("POST", "/", body=b"x")

    def test_plain_http_sends_the_whole_url_to_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[bytes] = []

        def handler(peer: Peer) -> None:
            seen.append(peer.request())
            peer.send(OK)

        with scripted(handler) as proxy:
            monkeypatch.setenv("http_proxy", f"http://a:b@127.0.0.1:{proxy.port}")
            HttpClient("http://192.0.2.1:8080/v1", timeout=10).request("GET", "/x")
        assert seen == [
            (
                b"GET http://192.0.2.1:8080/v1/x HTTP/1.1\r\nHost: 192.0.2.1:8080\r\n"
                b"Proxy-Authorization: Basic YTpi\r\n\r\n"
            )
        ]

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_requests_to_loopback_use_no_proxy(self, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            closed = listener.getsockname()[1]
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{closed}")
        with scripted(repeats(OK)) as server:
            client = HttpClient(f"http://{host}:{server.port}", timeout=10)
            assert client.request("GET", "/").body == b"hi"
            client.close()

    def test_the_variable_no_proxy_is_respected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://192.0.2.9:1")
        monkeypatch.setenv("no_proxy", "192.0.2.1")
        assert HttpClient("http://192.0.2.1", timeout=1)._route.proxy is None
        assert HttpClient("http://192.0.2.2", timeout=1)._route.proxy is not None

    @pytest.mark.parametrize("proxy", ["socks5://192.0.2.9:1", "http://me:s3c/ret@192.0.2.9", "http://192.0.2.9:99999"])
    def test_a_proxy_of_another_kind_is_refused(self, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises(ValueError, match="https_proxy") as caught:
            HttpClient("https://192.0.2.1", timeout=1)
        assert "s3c" not in str(caught.value)

    def test_the_error_names_a_proxy_that_cannot_be_reached(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Otherwise people look for the fault in the server."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            closed = listener.getsockname()[1]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed}")
        with pytest.raises(NotConnected, match=r"^the proxy cannot be reached: connection refused$"):
            HttpClient("http://192.0.2.1", timeout=1).request("GET", "/")
