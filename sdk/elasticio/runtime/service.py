"""Service mode: calls one method of a component while a user edits a form of the platform.

verifyCredentials  checks the credentials with `verify` of verify_credentials.py
getMetaModel       returns the JSON schemas of a function's input and output for a configuration
selectModel        returns the options of a select field

The result or the error is posted to a URL of the platform. The exit code is 0 if the platform accepts it.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from elasticio.errors import ComponentError, ElasticioError, PlatformError, SettingsError
from elasticio.platform.json_client import JsonClient
from elasticio.platform.web_address import server_of
from elasticio.runtime.component import Component, refuse_unfinished
from elasticio.runtime.settings import PREFIX, Settings, read_one
from elasticio.wire.json import from_json, to_json

log = logging.getLogger("sailor")

Config = Mapping[str, Any]


def run(method: str, environ: Mapping[str, str]) -> int:
    """Call a service method, post its result to the platform, and return the exit code: 0 for a response of 200."""
    url = environ.get(PREFIX + "POST_RESULT_URL")
    if not url:
        log.critical("%sPOST_RESULT_URL is not provided", PREFIX)
        return 1
    attempts, delay = Settings.api_request_retry_attempts, Settings.api_request_retry_delay
    try:
        attempts = read_one("api_request_retry_attempts", environ)
        delay = read_one("api_request_retry_delay", environ)
        result = {"status": "success", "data": _result(method, environ)}
        to_json(result)  # a result that JSON cannot represent is reported as an error, too
    except Exception as error:  # noqa: BLE001 (every exception of a component is reported to the platform)
        _log_failure(f"{method} failed", error)
        result = {"status": "error", "data": {"message": _reason(error)}}
    try:
        response = JsonClient(attempts, delay / 1000).send("POST", url, result)
    except PlatformError as error:
        where = f"ELASTICIO_POST_RESULT_URL ({server_of(url)})" if server_of(url) else "ELASTICIO_POST_RESULT_URL"
        log.critical("Failed to deliver the result of %s: %s. Check %s.", method, error, where)
        return 1
    if response.status != 200:
        log.critical("The platform did not accept the result of %s: status=%s", method, response.status)
        return 1
    return 0


def _result(method: str, environ: Mapping[str, str]) -> Any:
    """Return the result of a method. The checks, their order and their texts are those of the platform's runtime."""
    if method not in _METHODS:
        raise SettingsError(f'Unknown service method "{method}"')
    call, arguments = _METHODS[method]
    for name in ("CFG", "API_URI", "API_USERNAME", "API_KEY", *arguments):
        if not environ.get(PREFIX + name):
            raise SettingsError(f"{PREFIX}{name} is not provided")
    try:
        config = from_json(environ[PREFIX + "CFG"].encode())
    except (ValueError, RecursionError) as error:
        raise SettingsError("Unable to parse CFG") from error
    if not isinstance(config, dict):
        raise SettingsError("Unable to parse CFG: it must be a JSON object")
    component = Component.load(environ.get(PREFIX + "COMPONENT_PATH", ""))
    return call(component, config, *(environ[PREFIX + name] for name in arguments))


def verify(component: Component, config: Config) -> dict[str, Any]:
    """Return {"verified": true}, or false with the reason. Without a `verify` function all credentials are valid.

    Raises what `verify` raises for invalid credentials.
    """
    check = component.verifier()
    verdict = _call(check, "verify", config) if check else True
    if isinstance(verdict, dict) and "verified" in verdict:
        return verdict
    if verdict is False:  # an unambiguous result, although `verify` should raise
        return {"verified": False, "reason": "The credentials were not accepted"}
    return {"verified": True}


def _verify_credentials(component: Component, config: Config) -> Any:
    """Return the verdict of `verify`. What it raises is the reason why the credentials are invalid."""
    try:
        return verify(component, config)
    except Exception as error:  # noqa: BLE001 (`verify` raises for invalid credentials)
        _log_failure("Failed to verify the credentials", error)
        return {"verified": False, "reason": _reason(error)}


def get_meta_model(component: Component, config: Config, name: str) -> dict[str, Any]:
    """Return the schemas {"in", "out"} of a function. Raises ComponentError, and what the component raises."""
    model = _call(component.function(name).get("get_meta_model"), "get_meta_model", config)
    if not isinstance(model, dict) or not model.keys() & {"in", "out"}:
        raise ComponentError(f'get_meta_model of "{name}" must return {{"in": …, "out": …}}, not {_kind(model)}')
    return model


def select_model(component: Component, config: Config, name: str, method: str) -> dict[str, Any]:
    """Return the options of a select field. Raises ComponentError, and what the component raises."""
    model = _call(component.function(name).get(method), method, config)
    if not isinstance(model, dict):
        raise ComponentError(f'{method} of "{name}" must return {{value: label}}, not {_kind(model)}')
    return model


_METHODS: Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "verifyCredentials": (_verify_credentials, ()),
    "getMetaModel": (get_meta_model, ("ACTION_OR_TRIGGER",)),
    "selectModel": (select_model, ("ACTION_OR_TRIGGER", "GET_MODEL_METHOD")),
}


def _call(function: Callable[[Config], Any], name: str, config: Config) -> Any:
    """Call a function of the component. Raises ComponentError if the call does not run the function's body."""
    try:
        result = function(config)
    except SystemExit as error:
        raise ComponentError(f"{name} raised SystemExit; it must return its result or raise another error") from error
    refuse_unfinished(name, result)
    return result


def _kind(value: object) -> str:
    return (
        f"an object with other keys ({', '.join(map(str, value))})" if isinstance(value, dict) else type(value).__name__
    )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _log_failure(what: str, error: Exception) -> None:
    """Log an error in one line. Texts of other errors than the SDK's are left out: they may contain credentials."""
    if isinstance(error, ElasticioError):
        log.error("%s: %s", what, error)
    else:
        log.error("%s: the component raised %s", what, type(error).__name__, exc_info=error)
