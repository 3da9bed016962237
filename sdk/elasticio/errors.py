"""Errors, named after who has to act.

ElasticioError
├── SettingsError    an environment variable is missing or wrong: correct the environment
├── ComponentError   the component breaks its contract: correct component.json, the module or what it returns
├── MessageError     a message cannot be read, or what was emitted cannot be sent: correct the message or the emit
├── BrokerError      the message broker cannot be reached or refuses: correct the broker, its address or its login
├── PlatformError    the platform's API or its object storage refuses or cannot be reached
└── StepError        the root for a component's own errors, whose texts may be logged

`Rebound` is not a failure: it asks the platform to deliver the message again, later.

Errors are chained (`raise … from`). None of them carries a credential or the body of a message, so their texts appear
in the log. Of any other exception the log shows only the class and the place.
"""


class ElasticioError(Exception):
    """Root of all errors of this SDK."""


class SettingsError(ElasticioError):
    """Environment variables are missing or cannot be understood; the text lists all of them."""


class ComponentError(ElasticioError):
    """The component's files or functions break the contract."""


class MessageError(ElasticioError):
    """A message cannot be decoded, or what a component emitted cannot be sent."""


class BrokerError(ElasticioError):
    """The broker cannot be reached, refused the login, or refused a message."""


class PlatformError(ElasticioError):
    """The platform's API or object storage failed or refused a request.

    `status` is the HTTP status of the response, None where there was none.
    """

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class StepError(ElasticioError):
    """The root for errors that a component defines.

    The text appears in the log and in the platform's view of the error. It must contain no credential, no message
    body and no full phone number.
    """


class Rebound(Exception):  # noqa: N818 (a request to the platform, named as the platform names it)
    """Raise it in `process` to have the message delivered again later, e.g. `raise Rebound("rate limited")`.

    The delay doubles with each rebound: 15 s, 30 s, 1 min … by default. After REBOUND_LIMIT rebounds the message ends
    with the error "Rebound limit exceeded". The reason appears in the log: it must contain no credential, no message
    body and no full phone number.
    """
