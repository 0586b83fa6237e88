"""What happens when a reservation ends without a retirement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.holding import Holding
from zerocarbon.certificates.domain.runs import runs
from zerocarbon.contracts.certificate import UnitsReleased


@dataclass(frozen=True, slots=True)
class ReleaseUnits:
    """Frees what a request has reserved, because it was called back or its time is over."""

    correlation_id: str
    reason: str


def release_units(command: ReleaseUnits, block: Block) -> list[UnitsReleased]:
    """The releases; none when nothing of the block is reserved for the request any more."""
    tiles = [
        tile
        for tile in block.holdings
        if tile.reservation is not None and tile.reservation.correlation_id == command.correlation_id
    ]
    return released(block, tiles, command.reason)


def released(block: Block, tiles: Iterable[Holding], reason: str) -> list[UnitsReleased]:
    """A release for each run of units with one reservation. The tiles are reserved."""
    return [
        UnitsReleased(
            block_id=block.block_id,
            organisation_id=organisation_id,
            reservation_id=reservation_id,
            correlation_id=correlation_id,
            low=run.low,
            high=run.high,
            reason=reason,
        )
        for run, (organisation_id, reservation_id, correlation_id) in runs(tiles, _reservation)
    ]


def _reservation(tile: Holding) -> tuple[str, str, str]:
    assert tile.reservation is not None, f"{tile.range} is not reserved"
    return tile.organisation_id, tile.reservation.reservation_id, tile.reservation.correlation_id
