"""Credits: prices and the balance of the account."""

from callfire_sandbox.errors import ForbiddenError
from callfire_sandbox.world.state import World

TEXT_COST = 1.0
MEDIA_COST = 3.0
CALL_MINUTE_COST = 1.0
NUMBER_COST = 100.0
KEYWORD_COST = 200.0

# GSM 03.38: characters of one septet, and characters of two.
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_PAIRS = set("^{}\\[~]|€\f")


def segments(message: str) -> int:
    """Return the number of SMS segments: 160 or 153 GSM-7 characters each, or 70 or 67 UTF-16 units."""
    if all(char in _GSM or char in _GSM_PAIRS for char in message):
        size, one, each = sum(2 if char in _GSM_PAIRS else 1 for char in message), 160, 153
    else:
        size, one, each = len(message.encode("utf-16-be", "surrogatepass")) // 2, 70, 67
    return 1 if size <= one else -(-size // each)


def credits_left(world: World) -> float:
    """Return the credits of the account."""
    return float(world.account["_"]["credits"])


def charge(world: World, amount: float) -> None:
    """Deduct credits. Raises ForbiddenError if the balance is too low."""
    left = credits_left(world)
    if amount > left:
        raise ForbiddenError("The account does not have enough credits. Buy credits or send to fewer recipients.")
    world["accounts"].note(world.account, credits=left - amount)
