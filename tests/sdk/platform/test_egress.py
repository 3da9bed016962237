"""The egress policy: the servers that a step may contact for URLs in messages."""

import ipaddress
import socket
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticio import Message, MessageError, PlatformError, SettingsError
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.egress import EgressPolicy, embedded_address, is_public
from elasticio.platform.object_storage import ObjectStorage
from hypothesis import given
from hypothesis import strategies as st

from services.fake_platform import API_KEY, TOKEN, USERNAME, FakePlatform, Response, fake_platform
from tests.lib.certificates import certificate
from tests.lib.recording import Reply, recording

pytestmark = pytest.mark.usefixtures("pauses")

Resolve = Callable[..., None]


def fetched(url: str, allow: str = "", deny: str = "") -> bytes:
    with Attachments(None, None, EgressPolicy.parse(allow, deny)).fetch(url, "file.url") as stream:
        return stream.read()


@pytest.fixture
def other() -> Iterator[FakePlatform]:
    with fake_platform() as running:
        running.pages["/file"] = Response(body=b"inside")
        yield running


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Return a function that sets the addresses of a name: one list for each resolution."""
    names: dict[str, list[list[str]]] = {}
    original = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host not in names:
            return original(host, port, *args, **options)
        if not (answers := names[host]):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in (answers.pop(0) if len(answers) > 1 else answers[0])
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return lambda name, *answers: names.__setitem__(name, list(answers))


PUBLIC = ["8.8.8.8", "93.184.216.34", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
PUBLIC += ["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
NOT_PUBLIC = (  # one text, since a list would have one line for each
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 "
    "172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 "
    "224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 "
    ":: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe "
    "64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 2002:a00:1:: fc00::1 fd00:ec2::254 fe80::1 fec0::1 "
    "ff02::1 4000::1 8000::1"
)
SPELLINGS = (
    "localhost LOCALHOST 127.0.0.1 127.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 [::1] [::] "
    "[::ffff:127.0.0.1] [::ffff:7f00:1] 169.254.169.254 [fe80::1] [64:ff9b::7f00:1] [2002:7f00:1::1] 10.0.0.1 "
    "user:pass@127.0.0.1"
)


class TestAddresses:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_public(self, address: str) -> None:
        assert is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize("address", NOT_PUBLIC.split())
    def test_not_public(self, address: str) -> None:
        assert not is_public(ipaddress.ip_address(address))

    @given(st.ip_addresses(v=4))
    def test_an_embedded_address_counts_as_itself(self, address: ipaddress.IPv4Address) -> None:
        number = int(address)
        for form in ((0xFFFF << 32) + number, (0x64FF9B << 96) + number, (0x2002 << 112) + (number << 80) + 1):
            wrapped = ipaddress.IPv6Address(form)
            assert embedded_address(wrapped) == address
            assert is_public(wrapped) == is_public(address)

    @given(st.ip_addresses())
    def test_private_addresses_of_ipaddress_are_not_public(self, address: Any) -> None:
        if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
            assert not is_public(address) or embedded_address(address)


class TestRefused:
    @pytest.mark.parametrize("host", SPELLINGS.split())
    def test_every_notation_of_a_private_address(self, platform: FakePlatform, host: str) -> None:
        platform.pages["/file"] = Response(body=b"inside")
        port = platform.uri.rpartition(":")[2]
        url = f"http://{host}:{port}/file?signature=secret"
        attempts: list[Callable[[], object]] = [
            lambda: fetched(url),
            lambda: Attachments(None, None).open(Message(attachments={"a.wav": {"url": url}}), "a.wav"),
        ]
        for attempt, names in zip(attempts, ("file.url: ", "attachment 'a.wav': "), strict=True):
            with pytest.raises(
                MessageError, match=r"requests to '.+' are not allowed.*ELASTICIO_EGRESS_ALLOW"
            ) as caught:
                attempt()
            assert str(caught.value).startswith(names)
            shown = "".join(traceback.format_exception(caught.value))
            assert host.rpartition("@")[2].strip("[].").lower() in shown.lower()
            assert "secret" not in shown
            assert "/file" not in shown
        assert platform.requests == []

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_to_a_private_address(self, platform: FakePlatform, other: FakePlatform, status: int) -> None:
        platform.pages["/file"] = Response(status, headers={"location": f"{other.uri}/file"})
        url = platform.uri.replace("127.0.0.1", "localhost") + "/file"
        with pytest.raises(MessageError, match=r"^file\.url: requests to '127\.0\.0\.1' are not allowed"):
            fetched(url, allow="localhost")
        assert len(platform.requests) == 1
        assert other.requests == []

    def test_a_name_with_a_private_address(self, platform: FakePlatform, resolve: Resolve) -> None:
        resolve("files.example", ["127.0.0.1", "10.0.0.7"])
        with pytest.raises(MessageError, match=r"requests to 'files\.example' are not allowed"):
            fetched(platform.uri.replace("127.0.0.1", "files.example"))
        assert platform.requests == []

    def test_the_refusal_is_final(self, pauses: list[float]) -> None:
        with pytest.raises(MessageError):
            fetched("http://127.0.0.1:9/")
        assert pauses == []


class TestAllowed:
    @pytest.mark.parametrize(
        "allow",
        ["127.0.0.1", "127.0.0.0/8", "10.0.0.0/8, 127.0.0.1/32", "*", "0.0.0.0/0", " 127.0.0.1 , x.example"],
    )
    def test_by_address(self, other: FakePlatform, allow: str) -> None:
        assert fetched(f"{other.uri}/file", allow) == b"inside"

    @pytest.mark.parametrize("allow", ["files.example", "FILES.example.", "*.example", "127.0.0.1"])
    def test_by_name(self, other: FakePlatform, resolve: Resolve, allow: str) -> None:
        resolve("files.example", ["127.0.0.1"])
        assert fetched(other.uri.replace("127.0.0.1", "files.example") + "/file", allow) == b"inside"

    @pytest.mark.parametrize("allow", ["example", "es.example", "*.files.example", "127.0.0.2", "::ffff:127.0.0.2/128"])
    def test_only_listed_servers(self, other: FakePlatform, resolve: Resolve, allow: str) -> None:
        resolve("files.example", ["127.0.0.1"])
        with pytest.raises(MessageError, match="not allowed"):
            fetched(other.uri.replace("127.0.0.1", "files.example") + "/file", allow)
        assert other.requests == []

    def test_the_connection_goes_to_the_address_that_was_checked(self, other: FakePlatform, resolve: Resolve) -> None:
        resolve("files.example", ["127.0.0.1"], ["10.0.0.1"])
        assert fetched(other.uri.replace("127.0.0.1", "files.example") + "/file", "127.0.0.1") == b"inside"

    def test_only_the_allowed_addresses_of_a_name_are_tried(self, other: FakePlatform, resolve: Resolve) -> None:
        resolve("files.example", ["127.0.0.9", "127.0.0.1"])
        assert fetched(other.uri.replace("127.0.0.1", "files.example") + "/file", "127.0.0.1") == b"inside"

    def test_an_unknown_name_is_not_a_refusal(self, resolve: Resolve) -> None:
        resolve("files.example")
        with pytest.raises(PlatformError, match=r"^file\.url: GET at files\.example failed: no response") as caught:
            fetched("http://files.example/")
        assert caught.value.status is None

    def test_an_unavailable_server_is_not_a_refusal(self) -> None:
        with fake_platform() as gone:
            url = gone.uri
        with pytest.raises(PlatformError, match="no response"):
            fetched(url, "127.0.0.1")

    def test_tls_still_checks_the_name(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        trusted, context = certificate(tmp_path)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
        with recording(context) as server:
            server.default = Reply(200, b"inside")
            assert fetched(server.url, "127.0.0.1") == b"inside"
            with pytest.raises(PlatformError, match="certificate was refused"):
                fetched(server.url.replace("127.0.0.1", "localhost"), "127.0.0.1, ::1")


class TestDenied:
    @pytest.mark.parametrize("deny", ["files.example", "*.example", "93.184.216.0/24", "*"])
    def test_a_public_server(self, resolve: Resolve, deny: str) -> None:
        resolve("files.example", ["93.184.216.34"])
        with pytest.raises(MessageError, match=r"requests to 'files\.example' are not allowed"):
            fetched("http://files.example/", deny=deny)

    def test_allowed_servers_take_precedence(self, other: FakePlatform) -> None:
        assert fetched(f"{other.uri}/file", "127.0.0.1", "*") == b"inside"
        assert fetched(f"{other.uri}/file", "127.0.0.1", "127.0.0.0/8") == b"inside"


@pytest.mark.parametrize(
    "entry",
    ["http://x", "10.0.0.0/33", "a b", "user@host", "x:80", "a*b.example", "*.", "x;y", "10.0.0.256", "10.1.*", "a..b"],
)
def test_an_entry_that_is_neither_a_host_nor_a_network(entry: str) -> None:
    for variable, values in (("ELASTICIO_EGRESS_ALLOW", (entry, "")), ("ELASTICIO_EGRESS_DENY", ("", entry))):
        with pytest.raises(SettingsError, match=variable):
            EgressPolicy.parse(*values)


class TestThePlatformsOwnServers:
    def test_the_object_storage_may_be_anywhere(self, platform: FakePlatform) -> None:
        attachments = Attachments(ObjectStorage(platform.uri, TOKEN), None)
        entry = attachments.add("a.wav", b"own")
        with attachments.open(Message(attachments={"a.wav": entry}), "a.wav") as stream:
            assert stream.read() == b"own"

    def test_other_ports_of_its_host_are_not_trusted(self, platform: FakePlatform, other: FakePlatform) -> None:
        attachments = Attachments(ObjectStorage(platform.uri, TOKEN), None)
        with pytest.raises(MessageError, match="not allowed"):
            attachments.open(Message(attachments={"a": {"url": f"{other.uri}/file"}}), "a")
        assert other.requests == []

    def test_the_storage_behind_signed_urls_may_be_anywhere(self, platform: FakePlatform) -> None:
        writing = Attachments(None, PlatformApi(platform.uri, USERNAME, API_KEY))
        entry = writing.add("a.wav", b"own")
        reading = Attachments(None, PlatformApi(platform.uri, USERNAME, API_KEY))
        for attachments in (writing, reading, reading):
            with attachments.open(Message(attachments={"a.wav": entry}), "a.wav") as stream:
                assert stream.read() == b"own"
        assert len(platform.asked("POST", "/v2/resources/storage/signed-url")) == 2

    def test_the_api_is_asked_for_it_once(self, platform: FakePlatform, other: FakePlatform) -> None:
        attachments = Attachments(None, PlatformApi(platform.uri, USERNAME, API_KEY))
        for _ in range(3):
            with pytest.raises(MessageError, match="not allowed"):
                attachments.open(Message(attachments={"a": {"url": f"{other.uri}/file"}}), "a")
        assert len(platform.requests) == 1
        assert other.requests == []

    def test_an_unavailable_api_does_not_allow_a_server(self, platform: FakePlatform, other: FakePlatform) -> None:
        platform.fail(9)
        attachments = Attachments(None, PlatformApi(platform.uri, USERNAME, API_KEY))
        with pytest.raises(MessageError, match="not allowed"):
            attachments.open(Message(attachments={"a": {"url": f"{other.uri}/file"}}), "a")


class TestProxies:
    def test_requests_to_loopback_use_no_proxy(self, platform: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for uri in (platform.uri, platform.uri.replace("127.0.0.1", "localhost")):
            api = PlatformApi(uri, USERNAME, API_KEY)
            api.store_startup_data("flow", {"a": 1})
            assert api.startup_data("flow") == {"a": 1}
            assert ObjectStorage(uri, TOKEN).put(b"x")
            platform.startup.clear()

    def test_a_request_through_a_proxy_is_checked_by_its_target(
        self, monkeypatch: pytest.MonkeyPatch, resolve: Resolve
    ) -> None:
        resolve("public.example", ["93.184.216.34"])
        resolve("inner.example", ["93.184.216.34", "10.0.0.7"])
        resolve("unknown.example")
        with recording() as proxy:
            proxy.default = Reply(200, b"through the proxy")
            monkeypatch.setenv("http_proxy", proxy.url)
            assert fetched("http://public.example/") == b"through the proxy"
            assert fetched("http://inner.example/", "inner.example") == b"through the proxy"
            assert fetched("http://unknown.example/", "*.example") == b"through the proxy"
            assert len(proxy.received) == 3
            for url in ("http://inner.example/", "http://10.1/", "http://169.254.169.254/"):
                with pytest.raises(MessageError, match="not allowed"):
                    fetched(url)
            with pytest.raises(PlatformError, match="no response"):
                fetched("http://unknown.example/")
            assert len(proxy.received) == 3
