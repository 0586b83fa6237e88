"""What an inventory is computed from, beside the sums: factory, sources, meters, retired certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.json_fields import (
    BadField,
    JsonObject,
    day,
    optional_whole,
    text,
    text_table,
    whole,
    without_absent,
)
from zerocarbon.proof.period import Period

__all__ = ["Factory", "Meter", "Period", "Retirement", "Source", "SourceKind"]

SourceKind = Literal[
    "electricity-import",
    "electricity-generation",
    "electricity-export",
    "heat-import",
    "heat-export",
    "stationary-fuel",
    "mobile-fuel",
    "refrigerant",
    "process-gas",
    "extinguisher",
    "shielding-gas",
    "switchgear",
    "waste-water",
    "carbonate",
    "methane-recovery",
    "co2-recovery",
    "scope3",
]
"""What a source's quantity means, and so how it is quantified. The list of the published contract."""

SOURCE_KINDS: dict[str, SourceKind] = {kind: kind for kind in get_args(SourceKind)}


@dataclass(frozen=True, slots=True)
class Factory:
    """A factory. `grid_region` is its province or grid, such as `CN-JS`; `country` an ISO 3166 code."""

    code: str
    time_zone: str
    country: str
    grid_region: str

    def to_json(self) -> dict[str, Json]:
        """Plain JSON."""
        return {
            "code": self.code,
            "time_zone": self.time_zone,
            "country": self.country,
            "grid_region": self.grid_region,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Factory:
        """Reads `to_json`."""
        return cls(
            code=text(data, "code"),
            time_zone=text(data, "time_zone"),
            country=text(data, "country"),
            grid_region=text(data, "grid_region"),
        )


@dataclass(frozen=True, slots=True)
class Source:
    """An emission source or flow. `substance` is its fuel, agent, carrier or material.

    `attributes` carries what the kind needs, as text; each quantifier names the attributes that it reads.
    """

    code: str
    kind: SourceKind
    substance: str
    unit: str
    scope3_category: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Plain JSON; an absent category is left out."""
        return without_absent(
            {
                "code": self.code,
                "kind": self.kind,
                "substance": self.substance,
                "unit": self.unit,
                "scope3_category": self.scope3_category,
                "attributes": dict(self.attributes),
            }
        )

    @classmethod
    def from_json(cls, data: JsonObject) -> Source:
        """Reads `to_json`."""
        kind = SOURCE_KINDS.get(text(data, "kind"))
        if kind is None:
            raise BadField("kind", " or ".join(SOURCE_KINDS))
        return cls(
            code=text(data, "code"),
            kind=kind,
            substance=text(data, "substance"),
            unit=text(data, "unit"),
            scope3_category=optional_whole(data, "scope3_category"),
            attributes=text_table(data, "attributes"),
        )


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter and the source that it measures."""

    code: str
    source: str
    unit: str
    interval_seconds: int

    def to_json(self) -> dict[str, Json]:
        """Plain JSON."""
        return {
            "code": self.code,
            "source": self.source,
            "unit": self.unit,
            "interval_seconds": self.interval_seconds,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Meter:
        """Reads `to_json`."""
        return cls(
            code=text(data, "code"),
            source=text(data, "source"),
            unit=text(data, "unit"),
            interval_seconds=whole(data, "interval_seconds"),
        )


@dataclass(frozen=True, slots=True)
class Retirement:
    """Units retired for one factory and period. `[low, high)` are serial numbers: one unit is one MWh.

    `[vintage_start, vintage_end)` is the time of generation, half-open. `unit` is `MWh`; any other is
    refused by the electricity quantifier, because credits never act on scope 2 (DC12).

    Raises:
        ValueError: the range holds no unit.
    """

    scheme: str
    registry: str
    serial: str
    low: int
    high: int
    project: str
    technology: str
    country: str
    vintage_start: date
    vintage_end: date
    retired_on: date
    registry_reference: str
    unit: str = "MWh"

    def __post_init__(self) -> None:
        if self.high <= self.low:
            raise ValueError(f"serial numbers [{self.low}, {self.high}) hold no unit")

    @property
    def units(self) -> int:
        """How many units."""
        return self.high - self.low

    def to_json(self) -> dict[str, Json]:
        """Plain JSON."""
        return {
            "scheme": self.scheme,
            "registry": self.registry,
            "serial": self.serial,
            "low": self.low,
            "high": self.high,
            "project": self.project,
            "technology": self.technology,
            "country": self.country,
            "vintage_start": self.vintage_start.isoformat(),
            "vintage_end": self.vintage_end.isoformat(),
            "retired_on": self.retired_on.isoformat(),
            "registry_reference": self.registry_reference,
            "unit": self.unit,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Retirement:
        """Reads `to_json`."""
        return cls(
            scheme=text(data, "scheme"),
            registry=text(data, "registry"),
            serial=text(data, "serial"),
            low=whole(data, "low"),
            high=whole(data, "high"),
            project=text(data, "project"),
            technology=text(data, "technology"),
            country=text(data, "country"),
            vintage_start=day(data, "vintage_start"),
            vintage_end=day(data, "vintage_end"),
            retired_on=day(data, "retired_on"),
            registry_reference=text(data, "registry_reference"),
            unit=text(data, "unit"),
        )
