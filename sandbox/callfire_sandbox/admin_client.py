"""A client of the admin API, for tests: receive texts, read what was sent, set switches, inject faults."""

from typing import Any

import requests

TIMEOUT = 30
PHONE = "12135550177"
"""The phone that texts and calls come from unless a test names another one."""


class AdminClient:
    """Controls one account of a running sandbox.

    Every method sends one request to the admin API. Raises requests.HTTPError with the sandbox's explanation if a value
    is wrong.
    """

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url

    def receive_text(self, message: str, from_number: str = PHONE, to_number: str | None = None, **more: Any) -> Any:
        """Receive a text from a phone, by default to the leased number. `more` are labels, media, created."""
        return self._receive("texts", from_number, to_number, message=message, **more)

    def receive_call(self, from_number: str = PHONE, to_number: str | None = None, **more: Any) -> Any:
        """Receive a call that is over and return it. `more` are result, recordingSeconds, labels, created."""
        return self._receive("calls", from_number, to_number, **more)

    def sent_texts(self, number: str) -> list[Any]:
        """Return the texts that went out to a number, oldest first: {id, fromNumber, message, attributes, …}."""
        return self._sent("texts", number)

    def sent_calls(self, number: str) -> list[Any]:
        """Return the calls that went out to a number, oldest first."""
        return self._sent("calls", number)

    def set_switches(self, **values: Any) -> Any:
        """Set switches and return all of them, for example order="oldest"; profile="harsh" sets all others."""
        return self.admin("PATCH", "/switches", values)

    def fail_next(self, operation: str = "", *, effect: str = "status", **more: Any) -> Any:
        """Make the next request fail and return the fault. Default: any operation, status 503, not executed.

        `more` are properties of a fault: status, headers, carriedOut, milliseconds, method, path.
        """
        return self.admin("POST", "/faults", {"operation": operation, "effect": effect, "next": 1, **more})

    def set_outcome(self, number: str, **results: str) -> Any:
        """Set the results of texts and calls to a number: finalTextResult, finalTextResultLater, finalCallResult."""
        return self.admin("PUT", f"/outcomes/{number}", results)

    def advance(self, seconds: float) -> int:
        """Advance the clock, run the tasks that are due, and return the time in Unix milliseconds."""
        return int(self.admin("POST", "/clock", {"advance": round(seconds * 1000)})["now"])

    def deliveries(self) -> list[Any]:
        """Return all webhook deliveries with their attempts."""
        return list(self.admin("GET", "/deliveries"))

    def requests(self) -> list[Any]:
        """Return the last requests to the API with their statuses."""
        return list(self.admin("GET", "/requests"))

    def reset(self) -> None:
        """Reset everything to the initial state. Switches stay as they are."""
        self.admin("POST", "/reset")

    def admin(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Send any request to the admin API and return its JSON."""
        answer = requests.request(method, self.admin_url + path, json=body, params=query, timeout=TIMEOUT)
        if not answer.ok:
            explanation = f"{answer.status_code}: {answer.json().get('message', '')}"
            raise requests.HTTPError(f"The sandbox refused {method} {path} with {explanation}", response=answer)
        return answer.json() if answer.content else None

    def _receive(self, kind: str, from_number: str, to_number: str | None, **more: Any) -> Any:
        to = {"toNumber": to_number} if to_number else {}
        return self.admin("POST", f"/{kind}", {"fromNumber": from_number, **to, **more})

    def _sent(self, kind: str, number: str) -> list[Any]:
        found = self.admin("GET", "/received", number=number)
        return list(found[0][kind]) if found else []
