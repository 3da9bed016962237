"""A set of any number of members in a fixed space, whose difference to another set can be listed.

The sketch is an invertible Bloom lookup table (Goodrich and Mitzenmacher, "Invertible Bloom Lookup Tables", 2011). Each
member is in four cells. Each cell has the number of its members and their XOR. The difference of two sketches contains
the members of only one of the two sets. If their number is at most about two thirds of the number of cells, some cells
have a single member, which they name. Removing that member leaves other cells with a single member, until the sketch is
empty.
"""

import base64
import zlib
from collections.abc import Iterable
from hashlib import blake2b

_PARTS = 4
CHECK_BITS = 12
_DIGEST_BYTES = 7
_COUNT_BYTES = 2
_COUNTS = 1 << 8 * _COUNT_BYTES
_MASK = (1 << 64) - 1
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xE7037ED1A0B428DB)
_CHECK_MULTIPLIER = 0xA0761D6478BD642F


def digest_of(*parts: object) -> int:
    """Return a digest of `parts` with 56 bits. Its last 12 bits are a checksum."""
    text = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    value = int.from_bytes(blake2b(text, digest_size=_DIGEST_BYTES).digest()) >> CHECK_BITS
    return value << CHECK_BITS | _check(value)


class Sketch:
    """A set of digests. `cells` must be a multiple of four, and equal in sketches that are compared."""

    def __init__(self, cells: int, members: Iterable[int] = ()) -> None:
        self._counts = [0] * cells
        self._sums = [0] * cells
        for member in members:
            self.add(member)

    def add(self, digest: int) -> None:
        """Add a member that is not in the set."""
        self._put(digest, 1)

    def remove(self, digest: int) -> None:
        """Remove a member that is in the set."""
        self._put(digest, -1)

    def __len__(self) -> int:
        return len(self._counts)

    def __bool__(self) -> bool:
        return any(self._counts) or any(self._sums)

    def copy(self) -> "Sketch":
        """Return an independent copy."""
        return self.minus(Sketch(len(self)))

    def minus(self, other: "Sketch") -> "Sketch":
        """Return the difference: members of this set count +1, members of the other set -1, common members 0."""
        result = Sketch(len(self))
        pairs = zip(self._counts, other._counts, strict=True)
        result._counts = [_signed(one - two) for one, two in pairs]
        result._sums = [one ^ two for one, two in zip(self._sums, other._sums, strict=True)]
        return result

    def peel(self) -> tuple[set[int], set[int], "Sketch"]:
        """Return the members that count +1, those that count -1, and a sketch of the unnamed rest."""
        rest = self.copy()
        found: tuple[set[int], set[int]] = set(), set()
        open_cells = list(range(len(self)))
        while open_cells:
            cell = open_cells.pop()
            count, digest = rest._counts[cell], rest._sums[cell]
            if abs(count) != 1 or not _is_sound(digest) or cell not in rest._places(digest):
                continue
            if digest in found[0] or digest in found[1]:
                continue  # the checksum matched by chance; the cell remains in the rest
            found[count < 0].add(digest)
            rest._put(digest, -count)
            open_cells += rest._places(digest)
        return *found, rest

    def may_hold(self, digest: int) -> bool:
        """Return whether the set may contain this member. False is certain."""
        return all(self._counts[cell] or self._sums[cell] for cell in self._places(digest))

    def dump(self) -> str:
        """Return the sketch as a text for JSON. Fewer members result in a shorter text."""
        raw = b"".join((count % _COUNTS).to_bytes(_COUNT_BYTES) for count in self._counts)
        raw += b"".join(value.to_bytes(_DIGEST_BYTES) for value in self._sums)
        return base64.b85encode(zlib.compress(raw, 9)).decode("ascii")

    @classmethod
    def load(cls, text: str, cells: int) -> "Sketch":
        """Read the result of `dump`. Raises ValueError for any other text."""
        size = cells * (_COUNT_BYTES + _DIGEST_BYTES)
        reader = zlib.decompressobj()
        try:
            raw = reader.decompress(base64.b85decode(text), size + 1)
        except (zlib.error, ValueError) as error:
            raise ValueError("not a sketch") from error
        if len(raw) != size:
            raise ValueError("a sketch of another size")
        sketch = cls(cells)
        at = cells * _COUNT_BYTES
        sketch._counts = [int.from_bytes(raw[i : i + _COUNT_BYTES]) for i in range(0, at, _COUNT_BYTES)]
        sketch._sums = [int.from_bytes(raw[i : i + _DIGEST_BYTES]) for i in range(at, size, _DIGEST_BYTES)]
        return sketch

    def _put(self, digest: int, step: int) -> None:
        counts, sums = self._counts, self._sums
        for cell in self._places(digest):
            counts[cell] += step
            sums[cell] ^= digest

    def _places(self, digest: int) -> tuple[int, ...]:
        """Return four different cells, one in each quarter."""
        part = len(self._counts) // _PARTS
        one, two, three, four = _MULTIPLIERS
        return (  # without a loop: each item needs its places several times
            ((digest * one & _MASK) >> 32) % part,
            ((digest * two & _MASK) >> 32) % part + part,
            ((digest * three & _MASK) >> 32) % part + 2 * part,
            ((digest * four & _MASK) >> 32) % part + 3 * part,
        )


def _signed(count: int) -> int:
    """Return a count of 16 bits as a signed number."""
    return (count + _COUNTS // 2) % _COUNTS - _COUNTS // 2


def _check(value: int) -> int:
    return (value * _CHECK_MULTIPLIER & _MASK) >> (64 - CHECK_BITS)


def _is_sound(digest: int) -> bool:
    return digest & ((1 << CHECK_BITS) - 1) == _check(digest >> CHECK_BITS)
