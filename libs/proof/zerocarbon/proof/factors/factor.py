"""One emission factor or parameter, with its place, date and source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.json_fields import (
    JsonObject,
    day,
    exact,
    optional_day,
    optional_whole,
    text,
    whole,
    without_absent,
)
from zerocarbon.proof.line import CONFIDENCES, FactorUse
from zerocarbon.proof.numbers import canonical, product
from zerocarbon.proof.period import Period
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.units import scale, size

_MASS_OF_GAS = re.compile(r"(g|kg|t)([A-Z][A-Za-z0-9().-]*)?\Z")

ORGANISATION = "organisation"
"""The region of an organisation's own factor: it holds for what it names, wherever that is."""


class BadFactorUnit(Refused):
    """A factor's unit is not a mass of gas per accepted unit, nor a ratio."""

    rule = "R213"


class Unconfirmed(Refused):
    """A figure that could not be confirmed in a public copy was about to enter a claimed number."""

    rule = "rules 0"


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor. `unit` is `<mass><gas>/<unit>` such as `kgCO2/kWh`, another quotient, or `1` for a share.

    Attributes:
        purpose: what the factor is for; `purposes.py` lists them.
        substance: fuel, agent, material or mode; `any` where the figure holds for all of a purpose.
        rung: step of the fallback ladder on which it stands.
        year: the year for which the figure was made, if any.
        published: the day from which a close may use it.
        valid_from, valid_to: half-open validity of an organisation's own factor.
        publication: the table set that it belongs to; blank for an organisation's own.
        confidence: `verified`, `approved`, `seed`, or `memory`, which never enters a claimed number.
    """

    id: str
    version: int
    purpose: str
    substance: str
    rung: str
    region: str
    year: int | None
    value: Decimal
    unit: str
    gas: str
    published: date
    source: str
    clause: str
    confidence: str
    publication: str = ""
    boundary: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_for(self, period: Period) -> bool:
        """Whether the whole period lies in the validity."""
        return (self.valid_from is None or self.valid_from <= period.start) and (
            self.valid_to is None or period.end <= self.valid_to
        )

    def denominator(self) -> str:
        """The unit by which an activity is multiplied with this factor.

        Raises:
            BadFactorUnit: the unit has no denominator.
        """
        _, slash, per = self.unit.partition("/")
        if not slash:
            raise BadFactorUnit(f"{self.id}: {self.unit!r} says no activity unit")
        return per

    def gas_kilograms(self, quantity: Decimal, unit: str) -> Decimal:
        """Kilograms of the factor's gas that a quantity causes, to 34 digits.

        Raises:
            BadFactorUnit: the numerator is no mass of gas.
            UnknownUnit, WrongDimension: the quantity is in a unit that the factor does not take.
        """
        per = self.denominator()
        numerator = _MASS_OF_GAS.match(self.unit.partition("/")[0])
        if numerator is None:
            raise BadFactorUnit(f"{self.id}: {self.unit!r} is no mass of gas per unit")
        mass = product(scale(quantity, unit, per), self.value)
        return scale(mass, numerator[1], "kg")

    def use(self) -> FactorUse:
        """The form in which a line shows the factor.

        Raises:
            Unconfirmed: the confidence is `memory`.
        """
        confidence = CONFIDENCES.get(self.confidence)
        if confidence is None:
            raise Unconfirmed(f"{self.id} is not confirmed: refused for a claimed number")
        return FactorUse(
            factor=self.id,
            version=self.version,
            value=self.value,
            unit=self.unit,
            gas=self.gas,
            year=self.year,
            region=self.region,
            rung=self.rung,
            published=self.published,
            source=self.source,
            clause=self.clause,
            confidence=confidence,
        )

    def to_json(self) -> dict[str, Json]:
        """Plain JSON; absent fields are left out."""
        return without_absent(
            {
                "id": self.id,
                "version": self.version,
                "purpose": self.purpose,
                "substance": self.substance,
                "rung": self.rung,
                "region": self.region,
                "year": self.year,
                "value": canonical(self.value),
                "unit": self.unit,
                "gas": self.gas,
                "published": self.published.isoformat(),
                "source": self.source,
                "clause": self.clause,
                "confidence": self.confidence,
                "publication": self.publication,
                "boundary": self.boundary,
                "valid_from": self.valid_from.isoformat() if self.valid_from else None,
                "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            }
        )

    @classmethod
    def from_json(cls, data: JsonObject) -> Factor:
        """Reads `to_json`."""
        return cls(
            id=text(data, "id"),
            version=whole(data, "version"),
            purpose=text(data, "purpose"),
            substance=text(data, "substance"),
            rung=text(data, "rung"),
            region=text(data, "region"),
            year=optional_whole(data, "year"),
            value=exact(data, "value"),
            unit=text(data, "unit"),
            gas=text(data, "gas"),
            published=day(data, "published"),
            source=text(data, "source"),
            clause=text(data, "clause"),
            confidence=text(data, "confidence"),
            publication=text(data, "publication"),
            boundary=text(data, "boundary"),
            valid_from=optional_day(data, "valid_from"),
            valid_to=optional_day(data, "valid_to"),
        )


def check_unit(unit: str, gas: str) -> None:
    """Refuses a factor unit that no quantity could be multiplied with: for factors that people type in.

    Raises:
        BadFactorUnit: neither `1` nor a mass of gas (or gigajoules) per unit, or a mass of another gas.
        UnknownUnit: the denominator is not accepted.
    """
    numerator, slash, per = unit.partition("/")
    if unit == "1":
        return
    mass = _MASS_OF_GAS.match(numerator)
    if not slash or not (mass or numerator == "GJ"):
        raise BadFactorUnit(f"{unit!r} is no mass of gas per unit")
    if mass and mass[2] not in (None, gas):
        raise BadFactorUnit(f"{unit!r} counts {mass[2]}, the factor is of {gas}")
    size(per)
