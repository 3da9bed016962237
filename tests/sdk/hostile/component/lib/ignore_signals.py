"""An action whose module takes the signals of the process when it is imported."""

import signal
from typing import Any

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)


def process(_step: Any, message: Any, _config: Any, _snapshot: Any) -> Any:
    return {"body": message.body}
