"""Limits of everything that the runtime reads and writes over HTTP. Sizes are in bytes, times in seconds."""

MAX_ATTACHMENT_SIZE = 100 * 1024 * 1024
"""One attachment, or one message body in the object storage. The platform refuses larger ones."""

MAX_ANSWER_SIZE = 32 * 1024 * 1024
"""One response of the platform's API or of its object storage, decompressed."""

ANSWER_TIME = 30.0
"""One attempt of a request to the platform, from connecting to the last byte. Files may take longer."""

FILE_TIMEOUT = 20.0
"""Time until a file begins, and the longest pause within it."""

MIN_FILE_SPEED = 10 * 1024
"""Average speed that a file must reach, in bytes per second."""

SPEED_WINDOW = 30.0
"""Time over which the speed of a file is averaged. Only time spent waiting for the server counts."""

MAX_REDIRECTS = 5
"""Redirects that a GET follows."""
