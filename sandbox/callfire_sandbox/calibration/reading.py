"""Questions that only read: GET requests with small pages.

A question returns the switch values that its answers prove. A value that the answers only suggest is left out.
"""

from collections.abc import Callable
from typing import Any

from callfire_sandbox.calibration.asker import Answer, Asker
from callfire_sandbox.calibration.intervals import interval_switches

Values = dict[str, Any]

PAGE_SIZES = (100, 50, 20, 10, 5, 2, 1)
MORE_PAGES = 12
LARGEST_LIMIT = 2**31 - 1
LARGEST_PAGE = 10_000
"""Items of the largest page that a question asks for."""
ENOUGH_TO_SHOW_ORDER = 8
"""A shuffled page of so many items is in order once in 20,000 times."""
ENOUGH_TIMES = 3
SMALL_DIGITS = 13
EXACT = 2**53
CANDIDATES = 5
RESULT_NAMES = {
    frozenset({"result", "callResult"}): "both",
    frozenset({"result"}): "result",
    frozenset({"callResult"}): "callResult",
}


def read_only(asker: Asker) -> Values:
    """Return the switch values that reading proves."""
    texts, calls = sample(asker, "/texts"), sample(asker, "/calls")
    lists, webhooks = sample(asker, "/contacts/lists"), sample(asker, "/webhooks")
    contacts = sample(asker, "/contacts")
    return {
        **proven(id_size, [*texts, *calls, *contacts, *lists, *webhooks]),
        **proven(order, texts, calls),
        **proven(whole_seconds, [*texts, *calls, *lists, *webhooks]),
        **proven(paging, asker),
        **proven(limits, asker),
        **proven(number_lists, asker),
        **proven(call_results, calls),
        **proven(plain_contacts, asker, texts),
        **proven(interval_switches, asker, texts),
        **proven(rate_limits, asker),
    }


def proven(question: Callable[..., Values], *given: Any) -> Values:
    """Return what a question proves. A response of an undocumented shape proves nothing."""
    try:
        return question(*given)
    except (AttributeError, IndexError, KeyError, TypeError):
        return {}


def sample(asker: Asker, path: str) -> list[Any]:
    """Return up to 100 first items, in pages of the largest size that the account allows."""
    for size in PAGE_SIZES:
        answer = asker.get(path, limit=size)
        if answer.ok:
            asker.page_size = size
            return _with_next_pages(asker, path, answer.items)
    return []


def _with_next_pages(asker: Asker, path: str, items: list[Any]) -> list[Any]:
    found = list(items)
    for _ in range(MORE_PAGES):
        if not items or len(found) >= PAGE_SIZES[0]:
            break
        items = asker.get(path, limit=asker.page_size, offset=len(found)).items
        found += items
    return found


def id_size(records: list[Any]) -> Values:
    """Return `ids` by the largest id."""
    largest = max((record["id"] for record in records if isinstance(record.get("id"), int)), default=0)
    if largest > EXACT:
        return {"ids": "large"}
    return {"ids": "small"} if 0 < largest < 10**SMALL_DIGITS else {}


def order(*pages: list[Any]) -> Values:
    """Return `order` if a page is out of order, or long enough to prove an order."""
    found = set()
    for page in pages:
        ids = [record["id"] for record in page]
        rising = sorted(ids)
        if ids not in (rising, rising[::-1]):
            found.add("shuffled")
        elif len(ids) >= ENOUGH_TO_SHOW_ORDER:
            found.add("oldest" if ids == rising else "newest")
    return {"order": found.pop()} if len(found) == 1 else {}


def whole_seconds(records: list[Any]) -> Values:
    """Return `whole_seconds` by the times that the service itself set."""
    names = ("modified", "createdAt", "updatedAt")
    times = {record[name] for record in records for name in names if isinstance(record.get(name), int)}
    if any(time % 1000 for time in times):
        return {"whole_seconds": False}
    return {"whole_seconds": True} if len(times) >= ENOUGH_TIMES else {}


def paging(asker: Asker) -> Values:
    """Return what a page contains beside its items, with and without `fields`."""
    page, chosen = asker.get("/texts", limit=1), asker.get("/texts", limit=1, fields="items(id)")
    if not page.ok or not isinstance(page.json, dict):
        return {}
    total = page.json.get("totalCount")
    values: Values = {
        "total_count": "absent" if total is None else "unknown" if total == -1 else "exact",
        "limit_and_offset": {"limit", "offset"} <= page.json.keys(),
    }
    around = page.json.keys() - {"items"}
    if around and chosen.ok:
        values["fields_strip_paging"] = not around & chosen.json.keys()
    return values


def limits(asker: Asker) -> Values:
    """Return `max_limit` and `over_limit`, from a collection with few items."""
    largest = asker.get("/webhooks", limit=LARGEST_LIMIT)
    if largest.status == 400:
        return _refused_limits(asker)
    if not largest.ok:
        return {}
    shown = largest.json.get("limit")
    if shown is not None:
        return {"over_limit": "clamp", "max_limit": shown} if shown < LARGEST_LIMIT else {}
    return _clamped_limits(asker)


def _refused_limits(asker: Asker) -> Values:
    """Find the largest limit that is not refused."""
    low, high = 0, LARGEST_LIMIT  # accepted, refused
    while high - low > 1:
        middle = min((low + high) // 2, max(2 * low, 1000))
        answer = asker.get("/webhooks", limit=middle)
        if answer.ok:
            low = middle
        elif answer.status == 400:
            high = middle
        else:
            return {}
    return {"over_limit": "refuse", "max_limit": low} if low else {}


def _clamped_limits(asker: Asker) -> Values:
    """Find a page that is shorter than its limit although more items follow."""
    size = 10
    while size <= LARGEST_PAGE:
        count = len(asker.get("/texts", limit=size).items)
        if count < size:
            more = count and asker.get("/texts", limit=1, offset=count).items
            return {"over_limit": "clamp", "max_limit": count} if more else {}
        size *= 10
    return {}


def number_lists(asker: Asker) -> Values:
    """Return `bare_number_lists`."""
    answer = asker.get("/numbers/tollfree", limit=1)
    return {"bare_number_lists": isinstance(answer.json, list)} if answer.ok else {}


def call_results(calls: list[Any]) -> Values:
    """Return `call_result_name` if all call records agree."""
    names = {
        frozenset({"result", "callResult"} & record.keys()) for call in calls for record in call.get("records", ())
    }
    return {"call_result_name": RESULT_NAMES[names.pop()]} if len(names) == 1 and names <= RESULT_NAMES.keys() else {}


def plain_contacts(asker: Asker, texts: list[Any]) -> Values:
    """Return `contact_for_number` by texts whose number has no listed contact."""
    valid = [text for text in texts if text.get("state") != "INVALID"]
    if any("contact" not in text for text in valid):
        return {"contact_for_number": False}
    for text in valid[:CANDIDATES]:
        number = text["fromNumber"] if text["inbound"] else text["toNumber"]
        listed = asker.get("/contacts", number=number, limit=1)
        if listed.ok and not listed.items and _exists(asker.get(f"/contacts/{text['contact']['id']}")):
            return {"contact_for_number": True}
    return {}


def _exists(answer: Answer) -> bool:
    """Return whether a contact was answered that is not deleted."""
    return answer.ok and not answer.json.get("deleted")


def rate_limits(asker: Asker) -> Values:
    """Return what a response above the rate limit looked like, if there was one."""
    if len(asker.rate_limited) != 1:
        return {}
    ((status, retry_after),) = asker.rate_limited
    return {"rate_status": status, "rate_retry_after": retry_after}
