"""A factory as this service knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from zerocarbon.contracts.reference import FactoryRegistered, MeterRegistered, SourceRegistered


@dataclass(frozen=True, slots=True)
class KnownFactory:
    """A factory with its sources and meters, by code."""

    registered: FactoryRegistered
    sources: Sequence[SourceRegistered] = ()
    meters: Sequence[MeterRegistered] = ()

    def local_date(self, instant: datetime) -> date:
        """The date of an instant in the factory's calendar."""
        return instant.astimezone(ZoneInfo(self.registered.time_zone)).date()
