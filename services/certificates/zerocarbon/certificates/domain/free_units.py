"""Units that their holder may dispose of."""

from __future__ import annotations

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.holding import Holding
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.common.refusal import Violation


def free_units(
    block: Block, range_: SerialRange, organisation_id: str
) -> tuple[tuple[Holding, ...], list[Violation]]:
    """The tiles of a range, cut at its borders, and what stands against using them.

    Units of somebody else look the same as units that do not exist: nobody learns who holds them.
    """
    tiles = tuple(tile for tile in block.over(range_) if tile.organisation_id == organisation_id)
    if sum(tile.range.quantity for tile in tiles) != range_.quantity:
        return tiles, [Violation("not-held", f"you do not hold all of {range_} of this block", "/ranges")]
    taken = sorted({tile.state for tile in tiles if tile.state != "held"})
    if taken:
        message = f"some of {range_} is {', '.join(taken)}: one unit serves one claim"
        return tiles, [Violation("DC09", message, "/ranges")]
    return tiles, []
