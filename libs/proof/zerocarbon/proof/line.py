"""One figure of an inventory, in the form in which it is published.

The classes mirror `contracts.inventory` field by field; `to_json` gives that contract's JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.json_fields import (
    JsonObject,
    day,
    exact,
    one_of,
    optional_text,
    optional_whole,
    tables,
    text,
    texts,
    whole,
    without_absent,
)
from zerocarbon.proof.numbers import canonical

Scope = Literal["1", "2", "3", "outside"]
Basis = Literal["both", "location", "market"]
Confidence = Literal["verified", "approved", "seed"]

SCOPES: dict[str, Scope] = {"1": "1", "2": "2", "3": "3", "outside": "outside"}
BASES: dict[str, Basis] = {"both": "both", "location": "location", "market": "market"}
CONFIDENCES: dict[str, Confidence] = {"verified": "verified", "approved": "approved", "seed": "seed"}


@dataclass(frozen=True, slots=True)
class GasMass:
    """One gas of a line.

    Attributes:
        gas: code of `gwp.csv`, or `CO2e` where a factor counts all gases together.
        mass_kg: kilograms of the gas, rounded to twelve decimals.
        gwp: kilograms of CO2e per kilogram over 100 years; 1 for `CO2e`.
        co2e_kg: the unrounded mass times `gwp`, rounded once to twelve decimals.
    """

    gas: str
    mass_kg: Decimal
    gwp: Decimal
    co2e_kg: Decimal

    def to_json(self) -> dict[str, Json]:
        """The published form."""
        return {
            "gas": self.gas,
            "mass_kg": canonical(self.mass_kg),
            "gwp": canonical(self.gwp),
            "co2e_kg": canonical(self.co2e_kg),
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> GasMass:
        """Reads the published form."""
        return cls(
            gas=text(data, "gas"),
            mass_kg=exact(data, "mass_kg"),
            gwp=exact(data, "gwp"),
            co2e_kg=exact(data, "co2e_kg"),
        )


@dataclass(frozen=True, slots=True)
class FactorUse:
    """A factor as it was chosen: whole enough to recompute the line and to find the source."""

    factor: str
    version: int
    value: Decimal
    unit: str
    gas: str
    year: int | None
    region: str
    rung: str
    published: date
    source: str
    clause: str
    confidence: Confidence

    def to_json(self) -> dict[str, Json]:
        """The published form; an absent year is left out."""
        return without_absent(
            {
                "factor": self.factor,
                "version": self.version,
                "value": canonical(self.value),
                "unit": self.unit,
                "gas": self.gas,
                "year": self.year,
                "region": self.region,
                "rung": self.rung,
                "published": self.published.isoformat(),
                "source": self.source,
                "clause": self.clause,
                "confidence": self.confidence,
            }
        )

    @classmethod
    def from_json(cls, data: JsonObject) -> FactorUse:
        """Reads the published form."""
        return cls(
            factor=text(data, "factor"),
            version=whole(data, "version"),
            value=exact(data, "value"),
            unit=text(data, "unit"),
            gas=text(data, "gas"),
            year=optional_whole(data, "year"),
            region=text(data, "region"),
            rung=text(data, "rung"),
            published=day(data, "published"),
            source=text(data, "source"),
            clause=text(data, "clause"),
            confidence=one_of(data, "confidence", CONFIDENCES),
        )


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """One figure: kilograms of CO2e, the exact sum of its gases, each rounded once to twelve decimals.

    Attributes:
        line: `<factory>/<source>/<basis>`, with a part where one source gives several lines.
        category: class of scope 1, carrier of scope 2, number of scope 3, or `montreal`, `other`.
        iso_category: subcategory of ISO 14064-1:2018; `outside` where the line stands outside the scopes.
        quantity: what was multiplied, in `unit`.
        guide_source: the emission source of a national guide, where the profile follows one.
    """

    line: str
    factory: str
    source: str
    scope: Scope
    category: str
    iso_category: str
    basis: Basis
    quantity: Decimal
    unit: str
    factors: tuple[FactorUse, ...]
    gwp_set: str
    gases: tuple[GasMass, ...]
    co2e_kg: Decimal
    formula: str
    notes: tuple[str, ...] = ()
    guide_source: str | None = None

    def to_json(self) -> dict[str, Json]:
        """The published form; an absent source of a guide is left out."""
        return without_absent(
            {
                "line": self.line,
                "factory": self.factory,
                "source": self.source,
                "scope": self.scope,
                "category": self.category,
                "iso_category": self.iso_category,
                "basis": self.basis,
                "quantity": canonical(self.quantity),
                "unit": self.unit,
                "factors": [factor.to_json() for factor in self.factors],
                "gwp_set": self.gwp_set,
                "gases": [gas.to_json() for gas in self.gases],
                "co2e_kg": canonical(self.co2e_kg),
                "formula": self.formula,
                "notes": list(self.notes),
                "guide_source": self.guide_source,
            }
        )

    @classmethod
    def from_json(cls, data: JsonObject) -> InventoryLine:
        """Reads the published form."""
        return cls(
            line=text(data, "line"),
            factory=text(data, "factory"),
            source=text(data, "source"),
            scope=one_of(data, "scope", SCOPES),
            category=text(data, "category"),
            iso_category=text(data, "iso_category"),
            basis=one_of(data, "basis", BASES),
            quantity=exact(data, "quantity"),
            unit=text(data, "unit"),
            factors=tuple(FactorUse.from_json(item) for item in tables(data, "factors")),
            gwp_set=text(data, "gwp_set"),
            gases=tuple(GasMass.from_json(item) for item in tables(data, "gases")),
            co2e_kg=exact(data, "co2e_kg"),
            formula=text(data, "formula"),
            notes=texts(data, "notes") if "notes" in data else (),
            guide_source=optional_text(data, "guide_source"),
        )
