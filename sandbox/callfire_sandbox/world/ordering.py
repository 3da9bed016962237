"""Orders of numbers and keywords: paid at once, fulfilled a little later."""

from collections.abc import Callable

from callfire_sandbox.world.billing import KEYWORD_COST, NUMBER_COST, charge
from callfire_sandbox.world.leases import lease_keyword, lease_number
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import World

MAX_NUMBERS = 500
"""Numbers of one type that an order may contain."""


def order(world: World, items: dict[str, list[str]]) -> Record:
    """Place and pay an order. Raises ForbiddenError if the credits are not enough.

    `items` maps localNumbers, tollFreeNumbers and keywords to what is ordered.
    """
    unit = {"keywords": KEYWORD_COST}
    wanted = {name: values for name, values in items.items() if values}
    total = sum(unit.get(name, NUMBER_COST) * len(values) for name, values in wanted.items())
    charge(world, total)
    made = world["orders"].add(
        {
            "status": "PROCESSING",
            "created": world.time(),
            "totalCost": total,
            "salesTax": 0.0,
            "summary": total,
            "total": total,
            **{
                name: {"ordered": len(values), "unitCost": unit.get(name, NUMBER_COST), "fulfilled": []}
                for name, values in wanted.items()
            },
        }
    )
    world.later(world.switches.order_takes, fulfil, number=made["id"], items=wanted)
    return made


@task
def fulfil(world: World, number: int, items: dict[str, list[str]]) -> None:
    """Lease the ordered items that are still free and refund the others."""
    made = world["orders"].get(number)
    if made is None:
        return
    lease: dict[str, Callable[[World, str], Record]] = {"keywords": lease_keyword}
    missed = 0.0
    done = {}
    for name, values in items.items():
        table, field = ("keyword_leases", "keyword") if name == "keywords" else ("number_leases", "number")
        free = [value for value in values if not world[table].where(**{field: value})]
        for value in free:
            lease.get(name, lease_number)(world, value)
        missed += made[name]["unitCost"] * (len(values) - len(free))
        done[name] = {**made[name], "fulfilled": free}
    charge(world, -missed)
    world["orders"].change(made, status="PARTIALLY_ADJUSTED" if missed else "FINISHED", **done)
