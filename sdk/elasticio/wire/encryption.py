"""The encryption of message payloads: AES-256-CBC with PKCS7 padding, as in all runtimes of the platform."""

import base64
import binascii
import hashlib
import sys
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from elasticio.errors import MessageError
from elasticio.wire.json import SAFE_RECURSION, check_depth, parse, to_json

_BLOCK = 16


class Encryptor:
    """Encrypts JSON values to payloads and decrypts them. Threads may share it.

    The key is the SHA-256 hash of the password. `iv` must be 16 bytes long.
    """

    def __init__(self, password: str, iv: str) -> None:
        key = hashlib.sha256(password.encode()).digest()
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(iv.encode()))

    def encrypt(self, plain: bytes) -> bytes:
        """Return the raw ciphertext of some bytes."""
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        return encryptor.update(plain + bytes((padding,)) * padding) + encryptor.finalize()

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Decrypt raw ciphertext; raises ValueError if it is truncated, invalid or encrypted with another password."""
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        padding = padded[-1] if padded else 0
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes((padding,)) * padding:
            raise ValueError("invalid padding")
        return padded[:-padding]

    def encode(self, value: Any, protocol_version: int) -> bytes:
        """Return a value as a message's payload: base64 text for protocol version 1, raw ciphertext for version 2."""
        ciphertext = self.encrypt(to_json(value))
        return base64.b64encode(ciphertext) if protocol_version < 2 else ciphertext

    def decode(self, payload: bytes, protocol_version: float) -> Any:
        """Return the value in a message's payload; raises MessageError, which does not show the content."""
        try:
            plain = self.decrypt(base64_bytes(payload) if protocol_version < 2 else payload)
            text = plain.decode(errors="replace")
            if sys.getrecursionlimit() > SAFE_RECURSION:
                check_depth(text)
            return parse(text)  # as `from_json`, without one more call per message
        except (ValueError, binascii.Error, RecursionError) as error:
            raise MessageError(f"the payload cannot be decrypted and read as JSON ({type(error).__name__})") from error


def base64_bytes(text: bytes) -> bytes:
    """Decode base64 like Node: padding is optional, line breaks and the URL-safe alphabet are allowed."""
    text = text.translate(bytes.maketrans(b"-_", b"+/"), b" \t\r\n")
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
