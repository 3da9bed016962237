"""What can go wrong, named after who has to act.

ElasticioError
├── SettingsError    an environment variable is missing or wrong: mend the environment
├── ComponentError   the component breaks its contract: mend component.json, the module or what it returns
├── MessageError     a message cannot be read, or what was emitted cannot be sent: mend the message or the emit
├── BrokerError      the message broker cannot be reached or refuses: mend the broker, its address or its login
└── PlatformError    the platform's API or its object storage refuses or is away

`Rebound` is no failure: it asks the platform to deliver the message once more, later.

Errors are chained (`raise … from`), and none of them carries a credential or the body of a message.
"""


class ElasticioError(Exception):
    """Root of all errors of this SDK."""


class SettingsError(ElasticioError):
    """Environment variables are missing or cannot be understood; the text lists all of them."""


class ComponentError(ElasticioError):
    """The component's files or functions do not keep the contract."""


class MessageError(ElasticioError):
    """A message cannot be decoded, or what a component emitted cannot be sent."""


class BrokerError(ElasticioError):
    """The broker cannot be reached, refused the login, or did not take a message."""


class PlatformError(ElasticioError):
    """The platform's API or object storage did not do what it was asked.

    `status` is the HTTP status of its answer, None where there was no answer.
    """

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class Rebound(Exception):  # noqa: N818 (a request to the platform, named as the platform names it)
    """Raise it in `process` to have the message delivered again later, e.g. `raise Rebound("rate limited")`.

    The delay grows with each rebound (15 s, 30 s, 1 min … by default); after REBOUND_LIMIT rebounds the message ends
    as the error "Rebound limit exceeded".
    """
