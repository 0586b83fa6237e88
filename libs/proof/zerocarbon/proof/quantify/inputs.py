"""Everything that decides an inventory's figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zerocarbon.proof.canonical import Json, canonical_bytes, sha256_hex
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Factory, Retirement, Source
from zerocarbon.proof.json_fields import JsonObject, day, exact, table, tables, text
from zerocarbon.proof.numbers import canonical
from zerocarbon.proof.period import Period

DEFAULT_PROFILE = "ghg-protocol"
"""The basis of the guide for photovoltaic makers (R36)."""


@dataclass(frozen=True, slots=True)
class InventoryInputs:
    """Inputs of one inventory. Equal inputs give equal lines, whatever their order.

    Attributes:
        quantities: exact sum of each source over the period, in the source's unit. A source that is not
            named gives no line; one that is named with zero gives a line of zero.
        organisation_factors: the organisation's approved factors, of any purpose and date.
        retirements: certificates retired for this factory and period.
        knowledge_date: what was public by then may be used, nothing later.
    """

    factory: Factory
    period: Period
    knowledge_date: date
    sources: tuple[Source, ...]
    quantities: Mapping[str, Decimal]
    retirements: tuple[Retirement, ...] = ()
    organisation_factors: tuple[Factor, ...] = ()
    profile: str = DEFAULT_PROFILE
    consolidation: str = "operational-control"

    def to_json(self) -> dict[str, Json]:
        """Plain JSON with lists in a fixed order, so that equal inputs have equal bytes."""
        return {
            "factory": self.factory.to_json(),
            "period": self.period.to_json(),
            "knowledge_date": self.knowledge_date.isoformat(),
            "sources": [source.to_json() for source in sorted(self.sources, key=lambda source: source.code)],
            "quantities": {code: canonical(quantity) for code, quantity in self.quantities.items()},
            "retirements": [retirement.to_json() for retirement in sorted(self.retirements, key=_serial)],
            "organisation_factors": [
                factor.to_json()
                for factor in sorted(
                    self.organisation_factors, key=lambda factor: (factor.id, factor.version)
                )
            ],
            "profile": self.profile,
            "consolidation": self.consolidation,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> InventoryInputs:
        """Reads `to_json`."""
        quantities = table(data, "quantities")
        return cls(
            factory=Factory.from_json(table(data, "factory")),
            period=Period.from_json(table(data, "period")),
            knowledge_date=day(data, "knowledge_date"),
            sources=tuple(Source.from_json(item) for item in tables(data, "sources")),
            quantities={code: exact(quantities, code) for code in quantities},
            retirements=tuple(Retirement.from_json(item) for item in tables(data, "retirements")),
            organisation_factors=tuple(
                Factor.from_json(item) for item in tables(data, "organisation_factors")
            ),
            profile=text(data, "profile"),
            consolidation=text(data, "consolidation"),
        )

    def digest(self) -> str:
        """SHA-256 over the canonical inputs."""
        return sha256_hex(canonical_bytes(self.to_json()))


def _serial(retirement: Retirement) -> tuple[str, str, str, int]:
    return retirement.scheme, retirement.registry, retirement.serial, retirement.low
