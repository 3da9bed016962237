"""A Python runtime ("sailor") for components of elastic.io style integration platforms, independent of the vendor.

These names are the public API for components. All other modules are internal and are loaded when they run.
"""

from elasticio.errors import (
    BrokerError,
    ComponentError,
    ElasticioError,
    MessageError,
    PlatformError,
    Rebound,
    SettingsError,
    StepError,
)
from elasticio.http import (
    HttpClient,
    HttpFailure,
    HttpHeaders,
    HttpResponse,
    HttpStream,
    NotConnected,
    NotWritten,
    Unanswered,
)
from elasticio.platform.attachments import Attachments
from elasticio.platform.files import FileReader
from elasticio.platform.limits import MAX_ATTACHMENT_SIZE
from elasticio.runtime.hooks import FlowFacts
from elasticio.runtime.step import EmittedError, Event, HttpReply, Step
from elasticio.version import __version__
from elasticio.wire.incoming import Incoming
from elasticio.wire.message import Message

__all__ = [
    "MAX_ATTACHMENT_SIZE",
    "Attachments",
    "BrokerError",
    "ComponentError",
    "ElasticioError",
    "EmittedError",
    "Event",
    "FileReader",
    "FlowFacts",
    "HttpClient",
    "HttpFailure",
    "HttpHeaders",
    "HttpReply",
    "HttpResponse",
    "HttpStream",
    "Incoming",
    "Message",
    "MessageError",
    "NotConnected",
    "NotWritten",
    "PlatformError",
    "Rebound",
    "SettingsError",
    "Step",
    "StepError",
    "Unanswered",
    "__version__",
]
