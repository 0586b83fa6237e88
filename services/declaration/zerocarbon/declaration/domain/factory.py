"""A factory as this service knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from zerocarbon.contracts.reference import FactoryRegistered, SourceKind

_SCOPES: dict[SourceKind, str] = {
    "electricity-import": "2",
    "electricity-generation": "2",
    "electricity-export": "2",
    "heat-import": "2",
    "stationary-fuel": "1",
    "mobile-fuel": "1",
    "refrigerant": "1",
    "process-gas": "1",
    "scope3": "3",
}


@dataclass(frozen=True, slots=True)
class KnownFactory:
    """A factory with the kinds of its sources, by code."""

    registered: FactoryRegistered
    kinds: Mapping[str, SourceKind] = field(default_factory=dict)

    def scope_of(self, source: str) -> str:
        """The scope of a source; an unregistered one counts as scope 1, where nothing may be left out."""
        kind = self.kinds.get(source)
        return _SCOPES[kind] if kind is not None else "1"

    def local_date(self, instant: datetime) -> date:
        """The date of an instant in the factory's calendar."""
        return instant.astimezone(ZoneInfo(self.registered.time_zone)).date()
