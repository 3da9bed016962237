"""The encryption of message payloads: AES-256-CBC with PKCS7 padding, as all the platform's runtimes do it."""

import base64
import binascii
import hashlib
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from elasticio.errors import MessageError
from elasticio.wire.json import parse, to_json

_BLOCK = 16


class Encryptor:
    """Turns JSON values into encrypted payloads and back.

    The key is the SHA-256 of the password; `iv` is used as it is and must be 16 bytes long. Safe to share between
    threads.
    """

    def __init__(self, password: str, iv: str) -> None:
        key = hashlib.sha256(password.encode()).digest()
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(iv.encode()))

    def encrypt(self, plain: bytes) -> bytes:
        """Encrypt bytes to raw ciphertext."""
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        return encryptor.update(plain + bytes((padding,)) * padding) + encryptor.finalize()

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Decrypt raw ciphertext; raises ValueError where it is cut, foreign or was encrypted with another password."""
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        padding = padded[-1] if padded else 0
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes((padding,)) * padding:
            raise ValueError("wrong padding")
        return padded[:-padding]

    def encode(self, value: Any, protocol_version: int) -> bytes:
        """Write a value as a message's payload: base64 text below protocol version 2, raw ciphertext from it on."""
        ciphertext = self.encrypt(to_json(value))
        return base64.b64encode(ciphertext) if protocol_version < 2 else ciphertext

    def decode(self, payload: bytes, protocol_version: float) -> Any:
        """Read the payload of a message; raises MessageError, which says nothing of its content."""
        try:
            plain = self.decrypt(base64_bytes(payload) if protocol_version < 2 else payload)
            return parse(plain.decode(errors="replace"))
        except (ValueError, binascii.Error, RecursionError) as error:
            raise MessageError(f"the payload cannot be decrypted and read as JSON ({type(error).__name__})") from error


def base64_bytes(text: bytes) -> bytes:
    """Decode base64, also unpadded, in lines and in the URL-safe alphabet, as Node does."""
    text = text.translate(bytes.maketrans(b"-_", b"+/"), b" \t\r\n")
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
