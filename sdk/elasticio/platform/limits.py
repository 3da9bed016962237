"""Limits of what the runtime reads and writes over HTTP. Sizes are in bytes, times in seconds."""

MAX_ATTACHMENT_SIZE = 100 * 1024 * 1024
"""Maximum size of one attachment, or of one message body in the object storage. This is the platform's limit."""

MAX_RESPONSE_SIZE = 32 * 1024 * 1024
"""Maximum size of one response of the platform's API or of its object storage, decompressed."""

REQUEST_TIMEOUT = 30.0
"""Time limit of one attempt of a request to the platform, from connecting to the last byte. Files may take longer."""

FILE_TIMEOUT = 20.0
"""Maximum time until a file begins, and maximum pause within the file."""

MIN_FILE_SPEED = 10 * 1024
"""Minimum average speed of a file, in bytes per second."""

SPEED_WINDOW = 30.0
"""Time over which the speed is averaged. Only time spent waiting for the server counts."""

MAX_REDIRECTS = 5
"""Maximum number of redirects that a GET follows."""
