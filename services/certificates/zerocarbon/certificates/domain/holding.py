"""A holding: consecutive units of a block that share their whole fate so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.contracts.certificate import WithdrawalCause

State = Literal["held", "reserved", "retired", "cancelled", "expired", "sent-out"]
STATES: tuple[State, ...] = ("held", "reserved", "retired", "cancelled", "expired", "sent-out")
"""Issued = held + reserved + retired + cancelled + expired + sent out, always, per block.

Cancelled units never stood: their issue is void. Sent out are units that somebody else used at the registry:
they serve nobody here, and what was generated for them stays used.
"""


def state_of_withdrawn(cause: WithdrawalCause | None) -> State:
    """What units are after their withdrawal."""
    return "sent-out" if cause == "used-elsewhere" else "cancelled"


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units set aside: for whom and what, until when, and whether the registry was asked to retire them."""

    reservation_id: str
    correlation_id: str
    claim: Claim
    expires_at: datetime
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """A tile of a block. The tiles of a block cover it without hole and without overlap."""

    range: SerialRange
    organisation_id: str
    state: State = "held"
    transfers: int = 0
    reservation: Reservation | None = None
    retirement_id: str | None = None

    def cut(self, at: SerialRange) -> tuple[Holding, ...]:
        """The same units as up to three tiles, so that none crosses a border of `at`."""
        borders = sorted({self.range.low, *_inside(self.range, at), self.range.high})
        return tuple(replace(self, range=SerialRange(low, high)) for low, high in pairwise(borders))


def _inside(tile: SerialRange, at: SerialRange) -> list[int]:
    return [border for border in (at.low, at.high) if tile.low < border < tile.high]
