"""What a shielding gas is mixed from, by mass or by volume (R57)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from zerocarbon.proof.datafile import rows
from zerocarbon.proof.facts import Source
from zerocarbon.proof.numbers import QUOTIENT_CONTEXT, NotExact, parse, product, quotient
from zerocarbon.proof.quantify.attributes import FaultyAttribute, one_of

COMPOSITION, COMPOSITION_BY = "composition", "composition_by"
MASS, VOLUME = "mass", "volume"
ONE = Decimal(1)


class FaultyComposition(FaultyAttribute):
    """A composition cannot be read, names an unknown component, or does not sum to one."""

    rule = "R57"


@dataclass(frozen=True, slots=True)
class Component:
    """A component of shielding gases; `released` is the greenhouse gas that it is, blank for none.

    `confidence` is that of its row: `memory` is refused for a claimed number.
    """

    name: str
    molar_mass: Decimal
    released: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Mix:
    """Components and their fractions, which sum to exactly one; `by` is `mass` or `volume`."""

    parts: tuple[tuple[Component, Decimal], ...]
    by: str

    def kilograms(self, component: Component, mix_kilograms: Decimal) -> Decimal:
        """Kilograms of a component in a mass of mix, to 34 digits; the one division comes last.

        A share of the volume is a share of the moles: x of molar mass M has the mass share x.M / sum(x.M).
        """
        fraction = dict(self.parts)[component]
        if self.by == MASS:
            return product(mix_kilograms, fraction)
        mean = Decimal(0)
        for one, part in self.parts:
            mean = QUOTIENT_CONTEXT.add(mean, product(part, one.molar_mass))
        return quotient(product(mix_kilograms, fraction, component.molar_mass), mean)


@lru_cache(maxsize=1)
def components() -> Mapping[str, Component]:
    """The components by name in lower case."""
    return MappingProxyType(
        {
            row["component"].lower(): Component(
                row["component"], parse(row["molar_mass"]), row["released"], row["confidence"]
            )
            for row in rows("shielding_gases.csv")
        }
    )


def mix_of(source: Source) -> Mix:
    """The composition of a shielding gas: its attribute, such as `Ar=0.8 CO2=0.2`, else a pure substance.

    Raises:
        FaultyComposition: no composition where one is needed; a component is unknown, not confirmed or
            stands twice; a fraction is no number above zero; they do not sum to exactly one.
        FaultyAttribute: a composition without `composition_by`, which is `mass` or `volume`.
    """
    said = source.attributes.get(COMPOSITION)
    if said is None:
        pure = components().get(source.substance.lower())
        if pure is None:
            raise FaultyComposition(
                source.code, COMPOSITION, f"{source.substance!r} is no pure gas of {_known()}"
            )
        return Mix(((_confirmed(source, pure), ONE),), MASS)
    by = one_of(source, COMPOSITION_BY, (MASS, VOLUME), "")
    parts = [_part(source, text) for text in said.split()]
    names = [component.name for component, _ in parts]
    if len(set(names)) != len(names):
        raise FaultyComposition(source.code, COMPOSITION, "a component stands twice")
    # As fractions: a sum that no decimal of 34 digits holds is not one either.
    if sum(Fraction(fraction) for _, fraction in parts) != 1:
        raise FaultyComposition(source.code, COMPOSITION, f"the fractions of {said!r} do not sum to 1")
    return Mix(tuple(parts), by)


def _part(source: Source, text: str) -> tuple[Component, Decimal]:
    name, _, said = text.partition("=")
    component = components().get(name.lower())
    if component is None:
        raise FaultyComposition(source.code, COMPOSITION, f"{name!r} is not one of {_known()}")
    try:
        fraction = parse(said)
    except NotExact as error:
        raise FaultyComposition(source.code, COMPOSITION, f"{name}: {error}") from error
    if fraction <= 0:
        raise FaultyComposition(source.code, COMPOSITION, f"{name}: {fraction} is no part of a mix")
    return _confirmed(source, component), fraction


def _confirmed(source: Source, component: Component) -> Component:
    if component.confidence == "memory":
        problem = f"the data of {component.name} are not confirmed: refused for a claimed number"
        raise FaultyComposition(source.code, COMPOSITION, problem)
    return component


def _known() -> str:
    return ", ".join(component.name for component in components().values())
