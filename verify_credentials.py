"""The verification of credentials, which the platform calls."""

from collections.abc import Mapping
from typing import Any

from lib.callfire.api.client import Client
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import CallFireError, NotAuthenticated, NotFound, Unavailable
from lib.callfire.api.timeout import VERIFICATION_TIMEOUT


def verify(config: Mapping[str, Any]) -> bool:
    """Return True if CallFire accepts the credentials. Raises a `CallFireError` with the reason and an instruction.

    The platform limits a verification to 30 s, which is enough for two requests of at most 10 s each.
    """
    credentials = Credentials.from_config(config)
    client = Client(credentials, VERIFICATION_TIMEOUT)
    try:
        client.get("/me/account", tries=2)
    except NotAuthenticated as error:
        raise NotAuthenticated(_refused(credentials), status=error.status) from error
    except NotFound as error:
        raise CallFireError(
            f"server: there is no CallFire API at {credentials.server}. Correct the field, or leave it empty."
        ) from error
    except Unavailable as error:
        raise Unavailable(f"server: CallFire cannot be reached at {credentials.server}. {error}") from error
    finally:
        client.close()
    return True


def _refused(credentials: Credentials) -> str:
    create = "Create an API login and password in CallFire under Settings, API Access."
    if "@" in credentials.username:
        return (
            "username: CallFire refused this login. It looks like the e-mail address of the CallFire web site, which "
            f"does not work for the API. {create}"
        )
    return (
        "username: CallFire refused this API login or password. The web site login does not work for the API. "
        f"{create} Check that the credential is enabled."
    )
