"""Sound files without a studio: WAV files with a tone, and MP3 files of silence."""

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

# One MPEG-1 Layer III frame: 128 kbit/s, 44.1 kHz, mono, no side information: 1152 samples of silence.
_MP3_FRAME = b"\xff\xfb\x90\xc4" + bytes(413)
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
    """Return an MP3 file with silence: 128 kbit/s, mono, 44.1 kHz."""
    return _MP3_FRAME * math.ceil(seconds * _MP3_FRAMES_PER_SECOND)


def length(data: bytes) -> int | None:
    """Return the length of a WAV or MP3 file in seconds, or None for any other file."""
    if data[:4] == b"RIFF":
        try:
            with wave.open(io.BytesIO(data)) as sound:
                return int(-(-sound.getnframes() // sound.getframerate()))
        except (wave.Error, EOFError, ZeroDivisionError):
            return None
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xE0 == 0xE0):
        return math.ceil(len(data) / _MP3_BYTES_PER_SECOND)
    return None
