"""A Python runtime ("sailor") for components of elastic.io style integration platforms. Not the vendor's.

A component needs these names and no others; the runtime behind them is loaded when it runs.
"""

from elasticio.errors import (
    BrokerError,
    ComponentError,
    ElasticioError,
    MessageError,
    PlatformError,
    Rebound,
    SettingsError,
)
from elasticio.platform.attachments import Attachments
from elasticio.runtime.hooks import FlowFacts
from elasticio.runtime.step import Step
from elasticio.version import __version__
from elasticio.wire.headers import Incoming
from elasticio.wire.message import Message

__all__ = [
    "Attachments",
    "BrokerError",
    "ComponentError",
    "ElasticioError",
    "FlowFacts",
    "Incoming",
    "Message",
    "MessageError",
    "PlatformError",
    "Rebound",
    "SettingsError",
    "Step",
    "__version__",
]
