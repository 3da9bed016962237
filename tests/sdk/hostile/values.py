"""Generated values that a message, a component or an exception may contain, with secrets in them."""

import dataclasses
import datetime
import decimal
import enum
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NoReturn

from hypothesis import strategies as st

from tests.sdk.wire.strategies import any_values, json_scalars, nested, text

SECRET = "s3cret-of-the-message"
PHONE = "12135550123"
SIGNED = f"https://files.example.com/a.csv?signature={SECRET}"
OWN = "text-of-the-component"  # in errors that a component raises: the platform shows it, the log does not


class UnreadableError(Exception):
    """Its text cannot be read."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(SECRET)
        self.reason = reason

    def __str__(self) -> str:
        raise self.reason

    __repr__ = __str__


class UntrueError(Exception):
    """Its truth value cannot be read."""

    def __bool__(self) -> bool:
        raise ValueError(SECRET)

    def __eq__(self, other: object) -> bool:
        raise ValueError(SECRET)

    __hash__ = None  # type: ignore[assignment]


class OddPartsError(Exception):
    """Its traceback and its cause are not what Python expects."""

    __traceback__ = 5  # type: ignore[assignment]
    __cause__ = "odd"  # type: ignore[assignment]


class NamelessType(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise ValueError(SECRET)


class NamelessError(Exception, metaclass=NamelessType):
    """The name of its class cannot be read."""


class OddText(str):
    """A text whose methods fail."""

    __slots__ = ()

    def _fail(self, *_: object) -> NoReturn:
        raise ValueError(OWN)

    encode = isascii = __len__ = __contains__ = __getitem__ = lower = replace = __str__ = _fail  # type: ignore[assignment]


class OddTextError(Exception):
    def __str__(self) -> str:
        return OddText("odd")


class FarError(BaseException):
    """Not even an Exception."""


class OddMapping(dict[str, Any]):
    """A dict that cannot be iterated."""

    def items(self) -> Any:
        raise KeyError(OWN)

    keys = values = __iter__ = items


class OddObject:
    """An object whose methods fail."""

    def __init__(self, reason: BaseException) -> None:
        self.reason = reason

    def _fail(self, *_: object) -> NoReturn:
        raise self.reason

    __str__ = __repr__ = __bool__ = __iter__ = __len__ = __eq__ = __contains__ = __getitem__ = _fail
    __hash__ = object.__hash__


class UnreadableMapping(Mapping[str, Any]):
    """A mapping with body that is not a dict."""

    def __getitem__(self, key: str) -> Any:
        if key == "body":
            return SECRET
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        raise OSError(OWN)

    def __len__(self) -> int:
        return 1


class Colour(enum.Enum):
    RED = SECRET


class Level(enum.IntEnum):
    HIGH = 3


@dataclasses.dataclass
class Point:
    x: str = SECRET


def _object(make: Callable[[], BaseException]) -> OddObject:
    return OddObject(make())


def _unreadable(make: Callable[[], BaseException]) -> UnreadableError:
    return UnreadableError(make())


def _contains_itself() -> list[Any]:
    value: list[Any] = [SECRET]
    value.append({"again": value})
    return value


REASONS: dict[str, Callable[[], BaseException]] = {
    "ValueError": lambda: ValueError(OWN),
    "SystemExit": lambda: SystemExit(3),
    "KeyboardInterrupt": KeyboardInterrupt,
    "RecursionError": RecursionError,
    "FarError": lambda: FarError(OWN),
}

MAKERS: dict[str, Callable[[], Any]] = {
    **{f"object: {name}": partial(_object, make) for name, make in REASONS.items()},
    "contains itself": _contains_itself,
    "dataclass": Point,
    "odd dict": lambda: OddMapping(body=SECRET),
    "odd mapping": UnreadableMapping,
    "generator": lambda: (one for one in [SECRET]),
    "enum": lambda: Colour.RED,
    "int enum": lambda: Level.HIGH,
    "odd text": lambda: OddText(SECRET),
    "nan": lambda: float("nan"),
    "infinity": lambda: float("-inf"),
    "set": lambda: {SECRET},
    "date": lambda: datetime.date(2026, 1, 2),
    "decimal": lambda: decimal.Decimal("1e999"),
    "digits": lambda: 10**5000,
    "class": lambda: object,
    "function": lambda: print,
    "bytearray": lambda: bytearray(b"x"),
    "memoryview": lambda: memoryview(b"x"),
    "names": lambda: {5: 1, None: 2, True: 3},
    "bytes as name": lambda: {b"k": 1},
    "tuple as name": lambda: {(1, 2): SECRET},
    "phone number as name": lambda: {PHONE: {1}},
    "1000 levels": lambda: nested(1000),
    "3000 levels": lambda: nested(3000, SECRET, lists=True),
}

EXCEPTIONS: dict[str, Callable[[], BaseException]] = {
    **{
        kind.__name__: partial(kind, OWN)
        for kind in (ValueError, KeyError, StopIteration, GeneratorExit, MemoryError, SystemExit, FarError)
    },
    **{f"unreadable: {name}": partial(_unreadable, make) for name, make in REASONS.items()},
    "untrue": UntrueError,
    "odd parts": OddPartsError,
    "nameless": NamelessError,
    "odd text": OddTextError,
    "group": lambda: ExceptionGroup("several", [ValueError(SECRET)]),
    "signed URL": lambda: ValueError(f"cannot fetch {SIGNED}"),
    "large": lambda: ValueError("busy \ud83d " + "x" * 300_000),
}


@dataclasses.dataclass(frozen=True)
class Odd:
    """Stands for a value of MAKERS or EXCEPTIONS: hypothesis cannot handle the values themselves."""

    name: str


def made(value: Any) -> Any:
    """Return the value with each `Odd` in it replaced."""
    if isinstance(value, Odd):
        return {**MAKERS, **EXCEPTIONS}[value.name]()
    if isinstance(value, dict):
        return {name: made(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(made(part) for part in value)
    return value


odd_values = st.sampled_from(list(MAKERS)).map(Odd)
exceptions = st.sampled_from(list(EXCEPTIONS)).map(Odd)
secret_scalars = json_scalars | st.sampled_from([SECRET, PHONE, int(PHONE), SIGNED])
secret_names = text | st.sampled_from(["body", "headers", "id", "message", "name", "$set", "statusCode", PHONE])
secret_json = st.recursive(
    secret_scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(secret_names, inner, max_size=5),
    max_leaves=15,
)
values = secret_json | any_values | odd_values
messages = st.fixed_dictionaries(
    {"body": values},
    optional={
        "id": values,
        "headers": values | st.fixed_dictionaries({"X-Eio-Routing-Key": values | st.just("k" * 300)}),
        "attachments": values,
        "passthrough": values,
        "method": values,
        "odd": values,
    },
)
payloads = values | messages
