"""Generated values: JSON, AMQP tables, and values that components may emit."""

import datetime
from typing import Any

from hypothesis import strategies as st

# Halves of surrogate pairs too, and more than a short string has room for
text = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(["é" * 128, "x" * 255, "x" * 300])
integers = st.integers(-(2**70), 2**70)
times = st.datetimes(
    timezones=st.none() | st.just(datetime.UTC) | st.just(datetime.timezone(datetime.timedelta(hours=5)))
)
decimals = st.decimals() | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10, max_value=10)

json_scalars = st.none() | st.booleans() | integers | st.floats() | text
json_values = st.recursive(
    json_scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(text, inner, max_size=5), max_leaves=15
)

amqp_scalars = json_scalars | st.binary(max_size=30) | times | decimals
any_scalars = (
    amqp_scalars | st.just(object()) | st.complex_numbers() | st.just(b"\xff" * 200_000) | st.just("x" * 200_000)
)


def _inside(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(inner, max_size=4)
        | st.tuples(inner)
        | st.dictionaries(text, inner, max_size=4)
        | st.dictionaries(st.binary(max_size=5) | integers, inner, max_size=2)
    )


any_values = st.recursive(any_scalars, _inside, max_leaves=10)

delivered_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=30)
    | st.binary(max_size=30)
    | st.datetimes(timezones=st.just(datetime.UTC))
    | st.decimals(-(10**6), 10**6, places=3)
)
delivered_names = st.text(max_size=80) | st.binary(max_size=80)
delivered_values = st.recursive(
    delivered_scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(delivered_names, inner, max_size=4),
    max_leaves=10,
)
known_names = st.sampled_from(
    ["messageId", "parentMessageId", "threadId", "stepId", "reply_to", "start", "end", "protocolVersion", "CC", "BCC"]
) | st.sampled_from(["reboundIteration", "reboundReason", "x-eio-meta-trace-id", "X-EIO-META-a", "x-death"])
delivered_headers = st.dictionaries(known_names | delivered_names, delivered_values, max_size=8)


def nested(depth: int, inner: Any = None, *, lists: bool = False) -> Any:
    """Return nested tables or lists."""
    value = inner
    for _ in range(depth):
        value = [value] if lists else {"a": value}
    return value
