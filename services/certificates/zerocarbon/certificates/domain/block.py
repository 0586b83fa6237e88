"""A block: units that a registry issued together, and how its tiles change with each event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.holding import Holding, Reservation, state_of_withdrawn
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.vintage import Vintage
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import (
    BlockIssued,
    Project,
    RetirementSubmitted,
    Unit,
    UnitsExpired,
    UnitsReleased,
    UnitsReserved,
    UnitsRetired,
    UnitsTransferred,
    UnitsWithdrawn,
)


@dataclass(frozen=True, slots=True)
class Block:
    """The facts of a block, and its tiles in order of their serial numbers.

    The tiles may be a part of the block only: those that a command touches, or those that an organisation
    may see. Deciding and evolving need no others.
    """

    block_id: str
    scheme: str
    registry: str
    serial: str
    range: SerialRange
    unit: Unit
    project: Project
    vintage: Vintage
    issued_on: date
    holdings: tuple[Holding, ...]

    def over(self, range_: SerialRange) -> tuple[Holding, ...]:
        """The tiles that share a unit with a range, cut at its borders: exactly the range's units."""
        return tuple(
            piece
            for tile in self.holdings
            if tile.range.overlaps(range_)
            for piece in tile.cut(range_)
            if range_.contains(piece.range)
        )

    def covers(self, range_: SerialRange) -> bool:
        """Whether the known tiles hold every unit of a range."""
        return sum(tile.range.quantity for tile in self.over(range_)) == range_.quantity


def initial() -> Block | None:
    """Before its issue a block does not exist."""
    return None


def evolve(state: Block | None, event: Event) -> Block | None:
    """The block after an event. Events that do not concern units change nothing."""
    match event:
        case BlockIssued():
            return _issued(event)
        case UnitsTransferred():
            return _change(state, event.low, event.high, _transferred(event))
        case UnitsReserved():
            return _change(state, event.low, event.high, _reserved(event))
        case RetirementSubmitted():
            return _change(state, event.low, event.high, _submitted)
        case UnitsReleased():
            return _change(state, event.low, event.high, _released)
        case UnitsRetired():
            return _change(state, event.low, event.high, _retired(event))
        case UnitsWithdrawn():
            return _change(state, event.low, event.high, _withdrawn(event))
        case UnitsExpired():
            return _change(state, event.low, event.high, _expired)
        case _:
            return state


Change = Callable[[Holding], Holding]


def _change(state: Block | None, low: int, high: int, change: Change) -> Block:
    assert state is not None, "units of a block that was never issued"
    touched = SerialRange(low, high)
    assert state.covers(touched), f"{touched} is not covered by the tiles of {state.block_id}"
    pieces = (piece for tile in state.holdings for piece in tile.cut(touched))
    return replace(
        state,
        holdings=tuple(change(piece) if touched.contains(piece.range) else piece for piece in pieces),
    )


def _issued(event: BlockIssued) -> Block:
    range_ = SerialRange(event.low, event.high)
    return Block(
        event.block_id,
        event.scheme,
        event.registry,
        event.serial,
        range_,
        event.unit,
        event.project,
        Vintage(event.vintage_start, event.vintage_end),
        event.issued_on,
        (Holding(range_, event.organisation_id),),
    )


def _transferred(event: UnitsTransferred) -> Change:
    return lambda tile: replace(tile, organisation_id=event.to_organisation_id, transfers=tile.transfers + 1)


def _reserved(event: UnitsReserved) -> Change:
    claim = Claim(event.factory_id, event.purpose, event.period.start, event.period.end)
    reservation = Reservation(event.reservation_id, event.correlation_id, claim, event.expires_at)
    return lambda tile: replace(tile, state="reserved", reservation=reservation)


def _submitted(tile: Holding) -> Holding:
    assert tile.reservation is not None, f"{tile.range} was sent out for retirement without a reservation"
    return replace(tile, reservation=replace(tile.reservation, submitted=True))


def _released(tile: Holding) -> Holding:
    return replace(tile, state="held", reservation=None)


def _retired(event: UnitsRetired) -> Change:
    return lambda tile: replace(tile, state="retired", reservation=None, retirement_id=event.retirement_id)


def _withdrawn(event: UnitsWithdrawn) -> Change:
    state = state_of_withdrawn(event.cause)
    return lambda tile: replace(tile, state=state, reservation=None)


def _expired(tile: Holding) -> Holding:
    return replace(tile, state="expired", reservation=None)
