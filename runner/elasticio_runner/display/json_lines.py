"""Lines of JSON on standard output."""

import json
from typing import IO, Any

from elasticio_runner.errors import OutputError
from elasticio_runner.terminal_text import json_text


class JsonLines:
    """Writes each value as one line of JSON. Characters that the stream cannot encode are escaped."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, value: Any) -> None:
        """Write and flush one value; raises OutputError if the stream cannot be written."""
        try:
            self._stream.write(self._encodable(json_text(value), value) + "\n")
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
            raise OutputError(f"standard output: cannot be written ({reason}).") from error

    def _encodable(self, text: str, value: Any) -> str:
        try:
            text.encode(getattr(self._stream, "encoding", None) or "utf-8")
        except UnicodeEncodeError:
            return json.dumps(value)
        return text
