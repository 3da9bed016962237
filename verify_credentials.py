"""What the platform calls to find out whether credentials work."""

from collections.abc import Mapping
from typing import Any

from lib.callfire.api.client import Client, Request
from lib.callfire.api.errors import CallFireError, NotAuthenticated, NotFound, Unavailable
from lib.callfire.api.settings import Settings


def verify(config: Mapping[str, Any]) -> bool:
    """Return True if CallFire takes the credentials; raise with the reason, and what to do about it, if not."""
    settings = Settings.from_config(config)
    client = Client(settings)
    try:
        client.call(Request("GET", "/me/account", "GET /me/account", repeatable=True), tries=2)
    except NotAuthenticated as error:
        raise NotAuthenticated(_refused(settings), status=error.status) from error
    except NotFound as error:
        raise CallFireError(
            f"There is no CallFire API at {settings.server}: mend `server`, or leave it empty"
        ) from error
    except Unavailable as error:
        raise Unavailable(f"CallFire cannot be reached at {settings.server}: {error}") from error
    finally:
        client.close()
    return True


def _refused(settings: Settings) -> str:
    if "@" in settings.username:
        return (
            "CallFire refused this login. It looks like the e-mail address of the web pages, which the API does "
            "not take: make an API login and password in CallFire under Settings, API Access"
        )
    return (
        "CallFire refused this login. Check the API login and API password (in CallFire under Settings, API Access; "
        "the login of the web pages is not taken), and that the credential is enabled"
    )
