"""Service mode: one question of the platform to a component, asked while somebody fills in its forms.

verifyCredentials  does `verify` of verify_credentials.py accept these credentials?
getMetaModel       what do the input and the output of a function look like with this configuration?
selectModel        what can be chosen in a select field of a function?

The answer is posted to an address of the platform, and so is every error; the exit code only tells whether the platform
has taken it.
"""

import inspect
import logging
from collections.abc import Callable, Mapping
from typing import Any

from elasticio.errors import ComponentError, ElasticioError, PlatformError, SettingsError
from elasticio.platform.json_client import JsonClient
from elasticio.runtime.component import Component
from elasticio.runtime.settings import PREFIX, Settings, read_one
from elasticio.wire.json import from_json, to_json

log = logging.getLogger("sailor")

Config = Mapping[str, Any]


def run(method: str, environ: Mapping[str, str]) -> int:
    """Answer one question and return the exit code: 0 where the platform has taken the answer."""
    url = environ.get(PREFIX + "POST_RESULT_URL")
    if not url:
        log.critical("%sPOST_RESULT_URL is not provided", PREFIX)
        return 1
    attempts, delay = Settings.api_request_retry_attempts, Settings.api_request_retry_delay
    try:
        attempts = read_one("api_request_retry_attempts", environ)
        delay = read_one("api_request_retry_delay", environ)
        result = {"status": "success", "data": _answer(method, environ)}
        to_json(result)  # what JSON cannot carry is an error to be told, too
    except Exception as error:  # noqa: BLE001 (whatever a component raises is told to the platform)
        _log_failure(f"{method} failed", error)
        result = {"status": "error", "data": {"message": _reason(error)}}
    try:
        answer = JsonClient(attempts, delay / 1000).send("POST", url, result)
    except PlatformError as error:
        log.critical("The result of %s could not be delivered: %s", method, error)
        return 1
    if answer.status != 200:
        log.critical("The result of %s was not taken, but answered with %s", method, answer.status)
        return 1
    return 0


def _answer(method: str, environ: Mapping[str, str]) -> Any:
    """Find the answer; the checks and their texts are those of the platform's own runtime, in its order."""
    if method not in _METHODS:
        raise SettingsError(f'Unknown service method "{method}"')
    ask, arguments = _METHODS[method]
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
    return ask(component, config, *(environ[PREFIX + name] for name in arguments))


def _verify_credentials(component: Component, config: Config) -> Any:
    """Return {"verified": true}, or false with the reason. Where nothing can be checked, credentials are good."""
    try:
        verify = component.verifier()
        verdict = _call(verify, "verify", config) if verify else True
    except Exception as error:  # noqa: BLE001 (that is how a verifier says no)
        _log_failure("The credentials were not verified", error)
        return {"verified": False, "reason": _reason(error)}
    if isinstance(verdict, dict) and "verified" in verdict:
        return verdict
    if verdict is False:  # a plain no can mean nothing else
        return {"verified": False, "reason": "The credentials were not accepted"}
    return {"verified": True}


def _get_meta_model(component: Component, config: Config, name: str) -> Any:
    model = _call(component.function(name).get("get_meta_model"), "get_meta_model", config)
    if not isinstance(model, dict) or not model.keys() & {"in", "out"}:
        raise ComponentError(f'get_meta_model of "{name}" must return {{"in": …, "out": …}}, not {_kind(model)}')
    return model


def _select_model(component: Component, config: Config, name: str, method: str) -> Any:
    model = _call(component.function(name).get(method), method, config)
    if not isinstance(model, dict):
        raise ComponentError(f'{method} of "{name}" must return {{value: label}}, not {_kind(model)}')
    return model


_METHODS: Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "verifyCredentials": (_verify_credentials, ()),
    "getMetaModel": (_get_meta_model, ("ACTION_OR_TRIGGER",)),
    "selectModel": (_select_model, ("ACTION_OR_TRIGGER", "GET_MODEL_METHOD")),
}


def _call(function: Callable[[Config], Any], name: str, config: Config) -> Any:
    """Call a function of the component; one whose code has not run with that has not answered."""
    try:
        result = function(config)
    except SystemExit as error:
        raise ComponentError(f"{name} wanted to end the process; it must return its result or raise") from error
    if inspect.iscoroutine(result) or inspect.isgenerator(result):
        result.close()
        raise ComponentError(f"{name} must be a plain function, neither async nor a generator")
    return result


def _kind(value: object) -> str:
    return (
        f"an object with other keys ({', '.join(map(str, value))})" if isinstance(value, dict) else type(value).__name__
    )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _log_failure(what: str, error: Exception) -> None:
    """Log an error in one line. The text of one that is not ours stays out of it: it may hold a credential."""
    if isinstance(error, ElasticioError):
        log.error("%s: %s", what, error)
    else:
        log.error("%s: the component raised %s", what, type(error).__name__, exc_info=error)
