"""Parsed URLs."""

import pytest
from elasticio.platform.web_address import WebAddress
from hypothesis import given
from hypothesis import strategies as st

from services.fake_platform import basic


@pytest.mark.parametrize(
    ("url", "base", "target"),
    [
        ("http://example.com", "http://example.com", "/"),
        ("HTTPS://Example.COM:443/A?b=C#d", "https://example.com", "/A?b=C"),
        ("http://example.com:8080?x", "http://example.com:8080", "/?x"),
        ("http://[::1]:80/x", "http://[::1]", "/x"),
        ("http://bücher.example/ä b?ö=%20&x=1%zz", "http://xn--bcher-kva.example", "/%C3%A4%20b?%C3%B6=%20&x=1%zz"),
        (" http://my_host.example./\n", "http://my_host.example.", "/"),
        ("http://x/a?signature=a/b+c%2Fd==&e=[1]", "http://x", "/a?signature=a/b+c%2Fd==&e=[1]"),
    ],
)
def test_the_parts(url: str, base: str, target: str) -> None:
    address = WebAddress.parse(url)
    assert (address.base, address.target, address.authorization) == (base, target, "")


def test_a_login() -> None:
    assert WebAddress.parse("http://j%C3%BCrgen:p%40ss@x/").authorization == basic("jürgen", "p@ss")
    assert "jürgen" not in repr(WebAddress.parse("http://j:secret@x/secret"))
    assert "secret" not in repr(WebAddress.parse("http://j:secret@x/secret"))


@given(st.text() | st.none() | st.integers() | st.text().map(lambda text: f"http://{text}"))
def test_other_texts_are_refused_and_not_shown(url: object) -> None:
    try:
        address = WebAddress.parse(url)
    except ValueError:
        return
    assert (address.base + address.target).isascii()
    assert not {*" \r\n\t\0"} & {*address.target, *address.host}
    assert WebAddress.parse(address.base + address.target).base == address.base


@pytest.mark.parametrize(
    ("location", "leads_to", "keeps_login"),
    [
        ("/b", "http://x/b", True),
        ("c?d", "http://x/a/c?d", True),
        ("//y/b", "http://y/b", False),
        ("http://x/b", "http://x/b", True),
        ("http://x:81/b", "http://x:81/b", False),
        ("https://x/b", "https://x/b", True),
        ("https://x:8443/b", "https://x:8443/b", False),
        ("http://x.example/b", "http://x.example/b", False),
        ("/\xc3\xbc", "http://x/%C3%BC", True),
        ("/\xfc", "http://x/%C3%BC", True),
    ],
)
def test_a_redirect(location: str, leads_to: str, keeps_login: bool) -> None:
    address = WebAddress.parse("http://user:pass@x/a/b").redirected(location)
    assert address.base + address.target == leads_to
    assert address.authorization == (basic("user", "pass") if keeps_login else "")


def test_a_redirect_with_another_login() -> None:
    address = WebAddress.parse("http://user:pass@x/").redirected("http://other:word@x/")
    assert address.authorization == basic("other", "word")
