"""The encryption of payloads. elasticio-sailor-nodejs 2.7.8 created the ciphertexts."""

import base64
from typing import Any

import pytest
from elasticio import MessageError
from elasticio.wire.encryption import Encryptor, base64_bytes
from hypothesis import given
from hypothesis import strategies as st

PASSWORD = "testCryptoPassword"
IV = "iv=any16_symbols"
encryptor = Encryptor(PASSWORD, IV)

# values for which both runtimes write the same bytes
SAME_TEXT: list[tuple[Any, str]] = [
    (None, "bkSm1sICmC0s0jTZuCgoGw=="),
    (True, "0sSUD3J6b2bE6jn65+/29w=="),
    (0, "U7xzaZ42FQ4pBh6g3pfw0g=="),
    (1.5, "x9FWQbbaXqzUSRRQCBZPIg=="),
    (1e21, "Neju95pNkI2SUKM5d0i95g=="),
    ("", "KkRLNHjdLIRIH5M51WgdZQ=="),
    ("Größe €", "WejqWhSte7NwsnANwoO+fw=="),
    ("📞", "lWGyh1loMbWdnsO/cfr6iQ=="),
    ("\ud83d", "9ZPNTpyQKb/1kP6KfiB0Kw=="),
    ("a\udc00b", "5RAo6C94Peq+6R0RJ6FIEw=="),
    (
        '\u2028\u2029\u007f\u0000\u001f"\\/\b\f\n\r\t',
        "BJl7leU2y9OvnLJV3lo6dkJf0jI6kODGj1TyvbXkkYboIomaGHxQZFiB2nOxbeJn",
    ),
    ([], "XaccjyfcyI3xWxEExK6w/A=="),
    ({}, "YnVkti0G1RRGkx6HZNFCcg=="),
    ({"b": 1, "a": [None, {"c": "d"}]}, "JSAPPWwg20LCfb7BC2A58lWr4sT7PRNf6B4P1MxJDgg="),
    (
        {"body": {"text": "Hallo, Jürgen"}, "headers": {}},
        "x3z81kSTIQZXig8HAiHO/5XlBeLGjog87BUx4mH8bEA3WGWTMND54zVXk7TOvxIG",
    ),
    ("0123456789abcd", "/+T3nnYh6oKCO6OyBQEE19mgFjgEA9zoSCUDyh1fTDc="),  # fills its block to the brim
    ("0123456789abcde", "pUYuqbhIpCkpVN9OfmnccdbD4hCU4CNVs63Bqgv67Ow="),
]

# payloads that Node reads, although it writes them differently
READ_ALIKE: list[tuple[str, Any]] = [
    ("/2A6xPs+QU1JhN+pjSBHwA==", 1e-7),
    ("eUpurDqzott0mXNToxFpGQ==", "\ufffd\ufffd"),  # FF C3: not UTF-8
    ("B7c3OOI7tN64n6baM3y7Rw==", {"a": 2}),  # {"a":1,"a":2}
    ("Ui4a9gzSwP77Pohz1pfy2w==", {"a": 1}),  # with white space around
    ("oUFmy8sdhY61GEzf+roBsQ==", {"__proto__": 1}),
    ("4mMGONlJY4/3g7iPu3y6jA==", 1),  # 1.0
    ("VFQGzro1E30883EGbIS74w==", 100000),  # 1E5
    ("4o2n3fY5Yw6I3BvdPCxK4g==", "📞"),  # escaped as a pair
]

# payloads that Node refuses
REFUSED = {
    "NaN": "cqjUyXwK9YB/wuPhHCRD2Q==",
    "a comma too many": "cH/YzNbmr1hNzdBgL73AxA==",
    "a byte order mark": "sWdZizokHLNfuMZXCo4lDQ==",
    "nothing": "Bu6VvZRfusMe7ke71apCPQ==",
}


@pytest.mark.parametrize(("value", "payload"), SAME_TEXT)
def test_payloads_are_those_of_node(value: Any, payload: str) -> None:
    assert encryptor.encode(value, 1) == payload.encode()
    assert encryptor.encode(value, 2) == base64.b64decode(payload)
    assert encryptor.decode(payload.encode(), 1) == value
    assert encryptor.decode(base64.b64decode(payload), 2) == value


@pytest.mark.parametrize(("payload", "value"), READ_ALIKE)
def test_payloads_are_read_as_in_node(payload: str, value: Any) -> None:
    assert encryptor.decode(payload.encode(), 1) == value
    assert encryptor.decode(base64.b64decode(payload), 2) == value


@pytest.mark.parametrize("payload", REFUSED.values(), ids=REFUSED.keys())
def test_a_payload_that_is_not_json_is_refused(payload: str) -> None:
    with pytest.raises(MessageError, match="cannot be decrypted and read as JSON"):
        encryptor.decode(payload.encode(), 1)


def test_integers_keep_all_their_digits() -> None:
    """Node rounds both: its numbers have 53 bits."""
    assert encryptor.decode(b"aTWOgNoNT27+TsH9vTRT/qsRMEKodZXhPJ5nHbm+Gtw=", 1) == 12345678901234567890
    assert encryptor.encode(9007199254740992, 1) == b"8S03nulxnL5aMkJsRUATQrgNSiQ63Wjd+nV5JAlOSn0="


def test_the_password_is_utf_8() -> None:
    assert Encryptor("pässword €", "0123456789012345").encode({"a": 1}, 1) == b"Mn2cP67ET/sA1FJYO4bdWA=="


@pytest.mark.parametrize("version", [0, 1, 1.5, 2, 3])
def test_versions_below_2_are_text(version: float) -> None:
    ciphertext = encryptor.encrypt(b'{"a":1}')
    payload = base64.b64encode(ciphertext) if version < 2 else ciphertext
    assert encryptor.decode(payload, version) == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        b"YVA0hL9eXVk8W0DBtJ7l2A==",
        b"YVA0hL9eXVk8W0DBtJ7l2A",
        b"YVA0hL9eXVk8W0DBtJ7l2A=",
        b"  YVA0hL9eXVk8W0DBtJ7l2A==\n",
        b"YVA0hL9eXV\r\nk8W0DBtJ7l2A==",
    ],
)
def test_base64_is_decoded_like_in_node(text: bytes) -> None:
    assert encryptor.decode(text, 1) == {"a": "xx?>~~"}


def test_url_safe_base64_is_decoded() -> None:
    assert base64_bytes(b"-_8") == base64_bytes(b"+/8=") == b"\xfb\xff"


class TestCorruptPayloads:
    SECRET = "a text that nobody may see"
    payload = encryptor.encrypt(b'"' + SECRET.encode() + b'"')

    @pytest.mark.parametrize(
        ("payload", "version"),
        [
            (b"", 1),
            (b"", 2),
            (b"no base64!", 1),
            (b"\xff\xfe", 1),
            (b"A", 1),
            (payload, 1),
            (base64.b64encode(payload), 2),
            (payload[:-1], 2),
            (payload[:-16], 2),
            (payload + b"x", 2),
            (payload[:-1] + bytes([payload[-1] ^ 1]), 2),
            (base64.b64encode(payload)[:-5], 1),
            (b"SECRET" + payload, 2),
        ],
    )
    def test_raise_a_message_error_in_one_line(self, payload: bytes, version: int) -> None:
        with pytest.raises(MessageError, match=r"the payload cannot be decrypted and read as JSON \(\w+\)$") as caught:
            encryptor.decode(payload, version)
        assert "\n" not in str(caught.value)
        assert self.SECRET not in str(caught.value)

    def test_another_password(self) -> None:
        with pytest.raises(MessageError):
            Encryptor("another", IV).decode(self.payload, 2)

    def test_another_initialization_vector(self) -> None:
        """A wrong IV changes only the first block: the padding is valid, but the text is not."""
        with pytest.raises(MessageError):
            Encryptor(PASSWORD, "0123456789012345").decode(self.payload, 2)

    def test_json_that_is_nested_too_deeply(self) -> None:
        with pytest.raises(MessageError, match="RecursionError"):
            encryptor.decode(encryptor.encrypt(b"[" * 100_000), 2)

    @pytest.mark.parametrize("padding", [b"\x00" * 16, b"\x11" * 16, b"\x02" * 15 + b"\x03", b"\x00" * 15 + b"\x10"])
    def test_a_wrong_padding(self, padding: bytes) -> None:
        forged = Encryptor(PASSWORD, IV).encrypt(padding)[:16]
        with pytest.raises(ValueError, match="invalid padding"):
            encryptor.decrypt(forged)

    @given(st.binary(), st.sampled_from([1, 2]))
    def test_noise_is_a_message_error_or_json(self, payload: bytes, version: int) -> None:
        try:
            encryptor.decode(payload, version)
        except MessageError:
            return


@given(st.binary())
def test_encrypted_bytes_are_decrypted(plain: bytes) -> None:
    ciphertext = encryptor.encrypt(plain)
    assert len(ciphertext) == len(plain) // 16 * 16 + 16
    assert encryptor.decrypt(ciphertext) == plain
