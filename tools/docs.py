"""Write docs/actions.md: every action by its part of the API, its required inputs, and what each fault comes to; and
the README's short form of it.

All of it is made from the declarations and from `lib.callfire.api.error_mapping` itself: it cannot say anything else.
"""

import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from elasticio import HttpFailure, NotConnected, NotWritten, Unanswered

from lib.callfire.api import client, error_mapping, paging
from lib.callfire.api.errors import Temporary
from lib.callfire.files import downloads, sources
from lib.callfire.files.uploads import UploadOperation
from lib.callfire.operation.operation import Operation
from lib.callfire.operation.schema import for_checking

PARTS = {
    "texts": "Texts, text broadcasts, automatic replies",
    "calls": "Calls, call broadcasts, recordings",
    "contacts": "Contacts, contact lists, do-not-contact entries",
    "campaigns": "Batches and sounds",
    "media": "Files for picture messages",
    "numbers": "Phone numbers",
    "keywords": "Keywords",
    "webhooks": "Webhooks",
    "orders": "Orders",
    "reports": "Reports",
    "me": "Account, credentials, billing, caller IDs",
    "": "Everything else",
}
_OPENING = """<!-- Made by `python -m tools.build`. Change the declarations in lib/actions, not this file. -->

# Actions

One action for each operation of CallFire's API 2, a raw request for what they do not cover, and SendCall of API 1.1.
Inputs stand side by side under CallFire's own names; **required** ones are named here, all others are in the designer,
each with its help. An input in *italics* may be chosen in the form instead.
"""
_RULES = f"""
## What an input may be

- null is "not given"; false and 0 are values. An empty text is "not given" in the address (path and query), and a value
  in a body.
- "2" is taken for a whole number, "true" for yes, one value for a list of it, a number inside a map of texts for a
  text. Anything else of the wrong type is refused before anything is sent, and the error names the field.
- Moments are Unix milliseconds or ISO 8601 (`2024-05-31T09:00:00Z`; UTC without a zone). Phone numbers are texts of 11
  digits with the country code (`12132000384`), or short codes.
- A name the action does not know is refused, with the nearest one it knows: a misspelt `defaultMessage` must not send a
  text without words. Deeper down, unknown names are passed on.
- What only CallFire sets (`id`, `created`, `status` …) is not offered, but sent when given.
- `fields` asks for a part of the answer, e.g. `id,message` or `items(id,message)`.

## Lists

Actions that find things walk all pages, {paging.DEFAULT_PAGE_SIZE} items a request unless the form says otherwise. They
emit a message for each page, each item, or all at once, as the form says. With `limit` or `offset` in the message
exactly that one page is fetched. An empty result emits an empty page, except where each item is a message.

An item that CallFire shows twice because others were inserted meanwhile is emitted once (regions and delivery reports
have nothing to tell them apart by). What cannot be promised: where items are deleted while the pages are walked, others
move up and may be missed. A message that fails half-way through a list and comes again starts from the first page.

## Files

Uploads take exactly one file: an attachment of the message; `file` with a `url`; or `file` with `content` (base64) and
`filename`. A contact list may also be given as `rows`, objects whose names are the columns. Downloads become an
attachment of the emitted message, with its address in `attachmentUrl`. Files go through in pieces, up to
{downloads.LIMIT // 1024 // 1024} MB. A `url` is fetched without CallFire's login, with at most {sources.REDIRECTS}
redirects.
"""
_FAULTS = f"""
## When something fails

Failures are judged in one place. *Safe to repeat* are all reads, most updates, and commands such as stop, archive,
enable and disable; sends, calls, orders, creates and deletes are not. "Again" means that the action repeats the request
up to {client.TRIES - 1} times, with growing pauses or the one CallFire asks for. What is left then is handed to the
platform: a **rebound** (the message comes again later; the form's *When CallFire is unavailable* can make it an error),
or an **error**. Where the outcome is unknown, the error says so: look in CallFire before doing it again. Sends and
orders look themselves, and come to that error only where they cannot tell: [sends.md](sends.md).

"""
_FAULT_HEAD = """| What happens | Safe to repeat | Not safe to repeat |
| --- | --- | --- |
"""
_BEGIN = "<!-- Made by `make build` from here -->"
_END = "<!-- to here -->"
_README_FAULTS = """What each fault comes to. *Safe to repeat* are all reads, most updates, and commands such as stop
or archive; sends, calls, orders, creates and deletes are not. "Again" means a few more tries with growing pauses:
"""
_STATUSES = {
    "400, or another 4xx": (400, {}),
    "401: not authenticated": (401, {}),
    "403: not allowed": (403, {}),
    "404: not found": (404, {}),
    "408: CallFire did not get the request in time": (408, {}),
    "429: too many requests, with or without Retry-After": (429, {}),
    "another 4xx with Retry-After": (403, {"Retry-After": "1"}),
    "500, or another 5xx": (500, {}),
    "502, 503, 504": (503, {}),
    "a redirect": (302, {}),
}
_FAILURES: Mapping[str, HttpFailure] = {
    "no connection: refused, unknown host, timeout while connecting": NotConnected(""),
    "the connection breaks before the request was written": NotWritten(""),
    "the connection breaks after the request was written": Unanswered(""),
    "no response in time": Unanswered("", timed_out=True),
}


def actions(modules: Mapping[str, ModuleType], described: Mapping[str, tuple[str, str]]) -> str:
    """The whole page; `described` holds title and description of each action."""
    sections = []
    for part, title in PARTS.items():
        names = [name for name, module in modules.items() if _part(module.operation) == part]
        rows = "".join(_row(name, modules[name].operation, *described[name]) for name in names)
        sections.append(
            f"\n## {title}\n\n| Action | What it does | Required | Emits |\n| --- | --- | --- | --- |\n{rows}"
        )
    return _OPENING + "".join(sections) + _RULES + _FAULTS + _FAULT_HEAD + "".join(_fault_rows())


def in_readme(readme: str, modules: Mapping[str, ModuleType]) -> str:
    """The README with its part about the actions, which stands between two markers, made anew."""
    before, _, rest = readme.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    parts = "".join(_part_row(title, modules, part) for part, title in PARTS.items())
    made = f"| Part of CallFire | Actions |\n| --- | --- |\n{parts}\n{_README_FAULTS}\n{_FAULT_HEAD}"
    return f"{before}{_BEGIN}\n{made}{''.join(_fault_rows())}{_END}{after}"


def _part_row(title: str, modules: Mapping[str, ModuleType], part: str) -> str:
    names = [name for name, module in modules.items() if _part(module.operation) == part]
    anchor = re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-")
    shown = ", ".join(f"`{name}`" for name in names)
    return f"| [{title}](docs/actions.md#{anchor}) ({len(names)}) | {shown} |\n"


def _part(operation: Operation) -> str:
    first = operation.route.path.split("/")[1]
    return first if first in PARTS else ""


def _row(name: str, operation: Operation, title: str, description: str) -> str:
    file = ["one file"] if isinstance(operation, UploadOperation) else []
    required = [f"`{field}`" for field in for_checking(operation.fields).get("required", [])]
    chosen = [f"*`{field.name}`*" for field in operation.path if field.name in operation.selects]
    emits = ", ".join(f"`{field}`" for field in _emitted(operation))
    return f"| **{title}**<br>`{name}` | {description} | {', '.join(file + chosen + required)} | {emits} |\n"


def _emitted(operation: Operation) -> list[str]:
    if operation.returns.model and not operation.returns.is_list:
        return [operation.returns.model]
    return list(operation.output_schema()["properties"])


def _fault_rows() -> Iterator[str]:
    for what, (status, headers) in _STATUSES.items():
        yield _fault_row(
            what, lambda safe, s=status, h=headers: error_mapping.of_answer("", s, h, None, repeatable=safe)
        )
    yield _fault_row("2xx that is not JSON", lambda safe: error_mapping.of_unreadable("", 200, "", repeatable=safe))
    for what, failure in _FAILURES.items():
        yield _fault_row(what, lambda safe, f=failure: error_mapping.of_failure("", f, repeatable=safe, limit=60))


def _fault_row(what: str, judge: Any) -> str:
    return f"| {what} | {_words(judge(True))} | {_words(judge(False))} |\n"


def _words(verdict: error_mapping.Verdict) -> str:
    handed = "rebound" if isinstance(verdict.error, Temporary) else "error"
    return f"{'again, then ' if verdict.again else ''}{handed} `{type(verdict.error).__name__}`"
