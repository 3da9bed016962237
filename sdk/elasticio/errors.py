"""The errors of the SDK. Each class names the part that must be corrected.

ElasticioError
├── SettingsError    an environment variable is missing or invalid: correct the environment
├── ComponentError   the component breaks its contract: correct component.json, the module or its results
├── MessageError     a message cannot be read, or an emitted value cannot be sent: correct the message or the emit
├── BrokerError      the broker cannot be reached or refuses: correct the broker, its address or its login
├── PlatformError    the platform's API or its object storage cannot be reached or refuses
└── StepError        the base class for a component's own errors, whose texts may be logged

`Rebound` is not a failure: it asks the platform to deliver the message again later.

Errors are chained (`raise … from`). None of them contains a credential or a message body, so the log shows their texts.
For any other exception the log shows only the class and the place.
"""


class ElasticioError(Exception):
    """The base class of all errors of this SDK."""


class SettingsError(ElasticioError):
    """Environment variables are missing or invalid. The text lists all of them."""


class ComponentError(ElasticioError):
    """The component's files or functions break the contract."""


class MessageError(ElasticioError):
    """A message cannot be decoded, or an emitted value cannot be sent."""


class BrokerError(ElasticioError):
    """The broker cannot be reached, refused the login, or refused a message."""


class PlatformError(ElasticioError):
    """The platform's API or object storage failed or refused a request.

    `status` is the HTTP status of the response; None without a response.
    """

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class StepError(ElasticioError):
    """The base class for errors that a component defines.

    The log and the platform show the text. It must contain no credential, no message body and no full phone number.
    """


class Rebound(Exception):  # noqa: N818 (a request to the platform, with the platform's own name)
    """Raised in `process`, asks for a later redelivery of the message, e.g. `raise Rebound("rate limited")`.

    The delay doubles with each rebound. Default: 15 s, 30 s, 1 min and so on. After ELASTICIO_REBOUND_LIMIT rebounds
    the message fails with the error "Rebound limit exceeded". The log shows the reason: it must contain no credential,
    no message body and no full phone number.
    """
