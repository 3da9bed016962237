"""Encrypts and decrypts messages like the platform.

This second implementation is independent of the SDK, so that tests can compare both.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

PASSWORD, IV = "a password for tests", "0123456789abcdef"


def _cipher() -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(hashlib.sha256(PASSWORD.encode()).digest()), modes.CBC(IV.encode()))


def encrypt(value: Any, version: int = 1) -> bytes:
    """Return the payload of a message in the given protocol version."""
    return encrypt_text(json.dumps(value).encode(), version)


def encrypt_text(text: bytes, version: int = 1) -> bytes:
    """Return the payload with any text instead of JSON."""
    padder, encryptor = PKCS7(128).padder(), _cipher().encryptor()
    padded = padder.update(text) + padder.finalize()
    raw = encryptor.update(padded) + encryptor.finalize()
    return b64encode(raw) if version < 2 else raw


def decrypt(payload: bytes | str, version: int = 1) -> Any:
    """Return the JSON value of a payload in the given protocol version."""
    raw = b64decode(payload) if version < 2 else payload
    assert isinstance(raw, bytes)
    unpadder, decryptor = PKCS7(128).unpadder(), _cipher().decryptor()
    padded = decryptor.update(raw) + decryptor.finalize()
    return json.loads(unpadder.update(padded) + unpadder.finalize())
