"""What every quantifier needs: the inputs, the library, one GWP edition, and how a line is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.factors.choice import Asked, Chosen, NoFactor, choose
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Source, SourceKind
from zerocarbon.proof.gwp import GwpSet, GwpTable
from zerocarbon.proof.line import Basis, FactorUse, GasMass, InventoryLine, Scope
from zerocarbon.proof.numbers import line_kilograms, product, total
from zerocarbon.proof.profiles import Profile
from zerocarbon.proof.quantify.inputs import InventoryInputs
from zerocarbon.proof.refusal import Refused

CO2E = "CO2e"
ONE = Decimal(1)


class NegativeQuantity(Refused):
    """A source cannot have consumed less than nothing."""

    rule = "rules 13"


class BadAttribute(Refused):
    """An attribute of a source cannot be read or lies outside its range."""

    rule = "R7"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: scope, category, ISO 14064-1 subcategory and scope 2 method."""

    scope: Scope
    category: str
    iso_category: str
    basis: Basis = "both"


@dataclass(frozen=True, slots=True)
class Calculation:
    """One inventory being quantified. Holds no state that changes."""

    inputs: InventoryInputs
    profile: Profile
    library: Library
    gwp: GwpTable
    gwp_set: GwpSet

    def sources(self, *kinds: SourceKind) -> tuple[Source, ...]:
        """The sources of some kinds that have a quantity, sorted by code."""
        found = (
            source
            for source in self.inputs.sources
            if source.kind in kinds and source.code in self.inputs.quantities
        )
        return tuple(sorted(found, key=lambda source: source.code))

    def quantity(self, source: Source) -> Decimal:
        """The sum of a source, in its unit.

        Raises:
            NegativeQuantity: below zero; it is never clamped.
        """
        quantity = self.inputs.quantities[source.code]
        if quantity < 0:
            raise NegativeQuantity(f"{source.code}: {quantity} {source.unit} in the period")
        return quantity

    def choose(self, purpose: str, substance: str, publication: str | None = None) -> Chosen:
        """The factor that the server chooses.

        Raises:
            NoFactor, AmbiguousFactor: see `factors.choice.choose`.
        """
        asked = Asked(
            purpose=purpose,
            substance=substance,
            factory=self.inputs.factory,
            period=self.inputs.period,
            knowledge_date=self.inputs.knowledge_date,
            publication=publication,
        )
        return choose(asked, self.library, self.inputs.organisation_factors)

    def find(self, purpose: str, substance: str, publication: str | None = None) -> Chosen | None:
        """Like `choose`, where the absence of a factor has its own rule."""
        try:
            return self.choose(purpose, substance, publication)
        except NoFactor:
            return None

    def gas(self, gas: str, kilograms: Decimal) -> GasMass:
        """A mass of gas and its CO2e, each rounded once from the unrounded mass."""
        if gas == CO2E:
            code, gwp = CO2E, ONE
        else:
            code, gwp = self.gwp.gas(gas).code, self.gwp.value(self.gwp_set.code, gas)
        return GasMass(
            gas=code,
            mass_kg=line_kilograms(kilograms),
            gwp=gwp,
            co2e_kg=line_kilograms(product(kilograms, gwp)),
        )

    def line(
        self,
        source: Source,
        place: Place,
        quantity: Decimal,
        *,
        factors: Iterable[FactorUse],
        gases: Iterable[GasMass],
        formula: str,
        notes: Iterable[str] = (),
        part: str = "",
    ) -> InventoryLine:
        """A line; its CO2e is the exact sum of its gases (R10)."""
        masses = tuple(gases)
        name = f"{self.inputs.factory.code}/{source.code}/{place.basis}"
        return InventoryLine(
            line=f"{name}/{part}" if part else name,
            factory=self.inputs.factory.code,
            source=source.code,
            scope=place.scope,
            category=place.category,
            iso_category=place.iso_category,
            basis=place.basis,
            quantity=quantity,
            unit=source.unit,
            factors=tuple(factors),
            gwp_set=self.gwp_set.code,
            gases=masses,
            co2e_kg=total(mass.co2e_kg for mass in masses),
            formula=formula,
            notes=tuple(notes),
        )

    def simple_line(
        self,
        source: Source,
        place: Place,
        quantity: Decimal,
        chosen: Chosen,
        *,
        formula: str,
        notes: Iterable[str] = (),
        part: str = "",
    ) -> InventoryLine:
        """A line of one quantity times one factor."""
        factor = chosen.factor
        kilograms = factor.gas_kilograms(quantity, source.unit)
        return self.line(
            source,
            place,
            quantity,
            factors=(chosen.use(),),
            gases=(self.gas(factor.gas, kilograms),),
            formula=formula,
            notes=notes,
            part=part,
        )
