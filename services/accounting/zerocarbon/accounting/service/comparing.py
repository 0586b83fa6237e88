"""Two closed versions of one factory held against each other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from zerocarbon.accounting.store import inventories
from zerocarbon.accounting.store.inventories import Version
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import refuse
from zerocarbon.proof.comparison import Comparison, compare
from zerocarbon.proof.line import InventoryLine


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions and what changed from the first to the second."""

    before: Version
    after: Version
    comparison: Comparison


async def compared(
    context: ServiceContext, organisation_id: str, factory_id: str, inventory_id: str, other_id: str
) -> Compared:
    """What changed from `other_id` to `inventory_id`; they may be of different periods or versions.

    Raises:
        NotFound: the factory has not both of them in this organisation.
        Refused: one is not closed, or they follow different method profiles, whose results are never mixed.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        after = await inventories.find(session.connection, organisation_id, factory_id, inventory_id)
        before = await inventories.find(session.connection, organisation_id, factory_id, other_id)
    if before.profile != after.profile:
        raise refuse(
            "rules 4",
            f"{before.profile} and {after.profile} are different methods; their lines do not compare",
        )
    for version in (before, after):
        if version.closed is None:
            raise refuse(
                "not-closed", f"{version.inventory_id} is not closed; only closed versions are compared"
            )
    return Compared(before, after, await asyncio.to_thread(compare, _lines(before), _lines(after)))


def _lines(version: Version) -> list[InventoryLine]:
    assert version.closed is not None, f"{version.inventory_id} is open"
    return [InventoryLine.from_json(line) for line in version.closed["lines"]]
