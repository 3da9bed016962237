"""Save Files: saves the attachments of a message in a folder."""

import re
import shutil
from pathlib import Path
from typing import Any

from elasticio import Message, Step


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Message:  # noqa: ARG001
    """Save each attachment under its name and return {"files": [paths]}. A file of the same name is replaced."""
    folder = Path(config["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in message.attachments:
        path = folder / re.sub(r"[^\w.-]", "_", name).lstrip(".")
        with step.attachments.open(message, name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        paths.append(str(path))
    return Message(body={"files": paths})
