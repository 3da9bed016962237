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
from elasticio.wire.message import Message

__version__ = "0.1.0"

__all__ = [
    "BrokerError",
    "ComponentError",
    "ElasticioError",
    "Message",
    "MessageError",
    "PlatformError",
    "Rebound",
    "SettingsError",
    "__version__",
]
