"""Sound files without a studio: WAV files with a tone, and MP3 files with a beep each second."""

import base64
import io
import math
import struct
import wave

RATE = 8000
LONGEST = 3600
"""Seconds of the longest sound or recording."""
SPEECH = 14
"""Characters that text-to-speech reads in a second."""
MAX_SPEECH = LONGEST * SPEECH
_CHUNKS = 1000  # chunks of a WAV file before its sound: the `wave` module would spend minutes on millions of them

# MPEG-1 Layer III frames: 128 kbit/s, 44.1 kHz, mono, 1152 samples. The tone has whole periods in a frame and uses no
# other frame's bits, so the same frame can be repeated.
_MP3_HEADER, _MP3_FRAME_BYTES = b"\xff\xfb\x90\xc4", 417
_TONE = base64.b64decode(
    "AAPOpfj8C9ToQdg/H4F6nQjH7CPtoDB+SEYxYGIE8IlQGT+P7wUGYKvBUvEAzEzUyjyjU1xAMRMWlC8TFonGZUtExar7+r1ahb0L"
    "yoz6B/29S9S+WoW32oMYflt8vv8vvQZ9S+2Wro8qMf0GavQvR/KF4nDqNR6PXVvE5eVLeUaumvamV8nj9hH20Bg/JCMYsDECeESo"
    "DJ/H94KF4heCpeIBmJm8oXlGo1cQDETFpQvExaJxmVLRMWq+/rq1C3oXlRn0Gd9vUvUvlqFt8tQYw/LZfL1f5er4z6l9st6PUY/o"
    "M1ehff0LxOHUaj0eureIS8qW8o1Wo9e1HlfJpiCmopmXGJgY"
)
_MP3_TONE, _MP3_SILENCE = ((_MP3_HEADER + body).ljust(_MP3_FRAME_BYTES, b"\0") for body in (_TONE, b""))
_MP3_BEEP = _MP3_TONE * 8 + _MP3_SILENCE * 30  # about a second
_MP3_FRAMES_PER_SECOND = 44100 / 1152
_MP3_BYTES_PER_SECOND = 16000


def spoken_seconds(text: str) -> int:
    """Return how many seconds text-to-speech needs for a text, at least 1."""
    return max(1, math.ceil(len(text) / SPEECH))


def wav(seconds: int) -> bytes:
    """Return a WAV file with a quiet tone: 16 bit, mono, 8 kHz."""
    period = b"".join(struct.pack("<h", int(3000 * math.sin(2 * math.pi * step / 20))) for step in range(20))
    data = io.BytesIO()
    with wave.open(data, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(period * (RATE // 20 * seconds))
    return data.getvalue()


def mp3(seconds: int) -> bytes:
    """Return an MP3 file with a beep each second: 128 kbit/s, mono, 44.1 kHz."""
    frames = math.ceil(seconds * _MP3_FRAMES_PER_SECOND)
    beeps = -(-frames * _MP3_FRAME_BYTES // len(_MP3_BEEP))
    return (_MP3_BEEP * beeps)[: frames * _MP3_FRAME_BYTES]


def length(data: bytes) -> int | None:
    """Return the length of a WAV or MP3 file in seconds, or None for any other file."""
    if data[:4] == b"RIFF":
        if not _has_sound(data):
            return None
        try:
            with wave.open(io.BytesIO(data)) as sound:
                return int(-(-sound.getnframes() // sound.getframerate()))
        except (wave.Error, EOFError, ZeroDivisionError):
            return None
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xE0 == 0xE0):
        return math.ceil(len(data) / _MP3_BYTES_PER_SECOND)
    return None


def _has_sound(data: bytes) -> bool:
    """Return whether a WAV file has a data chunk among its first chunks."""
    position = 12
    for _ in range(_CHUNKS):
        if data[position : position + 4] == b"data":
            return True
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8 + size + size % 2
    return False
