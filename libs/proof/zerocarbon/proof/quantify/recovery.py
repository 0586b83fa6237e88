"""Methane and carbon dioxide that were recovered: what acts, and where.

Under the national guide each recovery is subtracted in a line of its own, at most zero, and never more than
its source made: of methane `waste_water` refuses more, of carbon dioxide this module does. Under the other
profiles methane recovered acts inside the waste water that made it (`waste_water`), and its source gives no
line; carbon dioxide handed over to somebody else is not subtracted at all: it stays with the source that made
it, and `not_counted` lists it. A recovery counts only with `recovery_evidence` (a hash or reference of what
shows that it was destroyed or used): what is not shown lowers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.facts import Source, SourceKind
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT, canonical
from zerocarbon.proof.profiles import Profile
from zerocarbon.proof.quantify.attributes import ZERO, evidence
from zerocarbon.proof.quantify.calculation import Calculation, Place
from zerocarbon.proof.quantify.carbonate import carbonate_lines
from zerocarbon.proof.quantify.flows import BALANCE_OF, FaultyFlow
from zerocarbon.proof.quantify.fuel import fuel_lines
from zerocarbon.proof.quantify.placing import FUGITIVE, PROCESS
from zerocarbon.proof.units import scale

EVIDENCE = "recovery_evidence"


@dataclass(frozen=True, slots=True)
class Recovered:
    """Kilograms of methane recovered from one source, as far as they are shown."""

    kilograms: Decimal
    notes: tuple[str, ...]


def subtracts_apart(profile: Profile, kind: SourceKind) -> bool:
    """Whether a profile subtracts a kind of recovery in lines of its own."""
    found = profile.guide_source(kind)
    return found is not None and found.subtracted


def recovery_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """Lines below zero of the recoveries that the profile subtracts apart; none under other profiles.

    Raises:
        FaultyFlow: carbon dioxide names no source of fossil CO2 that has data, or exceeds what that made.
        WrongDimension: a quantity is no mass.
    """
    for kind, gas, place in _KINDS:
        if subtracts_apart(calculation.profile, kind):
            if kind == "co2-recovery":
                _check_carbon_dioxide(calculation)
            for source in calculation.sources(kind):
                yield _line(calculation, source, gas, place)


_KINDS: tuple[tuple[SourceKind, str, Place], ...] = (
    ("methane-recovery", "CH4", FUGITIVE),
    ("co2-recovery", "CO2", PROCESS),
)


def _check_carbon_dioxide(calculation: Calculation) -> None:
    recoveries = calculation.sources("co2-recovery")
    left = _fossil_carbon_dioxide(calculation) if recoveries else {}
    for source in recoveries:
        maker = source.attributes.get(BALANCE_OF, "")
        if maker not in left:
            raise FaultyFlow(source.code, BALANCE_OF, f"{maker!r} is no source of fossil CO2 that has data")
        kilograms, _ = _shown(calculation, source)
        if kilograms > left[maker]:
            there = f"{canonical(left[maker])} kg of {maker} to take it from"
            raise FaultyFlow(source.code, BALANCE_OF, f"{canonical(kilograms)} kg of CO2 recovered, {there}")
        left[maker] = SUM_CONTEXT.subtract(left[maker], kilograms)


def _fossil_carbon_dioxide(calculation: Calculation) -> dict[str, Decimal]:
    """Kilograms by source of fuel or carbonate; biogenic CO2 stands outside scope 1 and is not among them."""
    found: dict[str, Decimal] = {}
    for line in (*fuel_lines(calculation), *carbonate_lines(calculation)):
        for mass in line.gases:
            if line.scope == "1" and mass.gas == "CO2":
                found[line.source] = SUM_CONTEXT.add(found.get(line.source, ZERO), mass.mass_kg)
    return found


def recovered_methane(calculation: Calculation, makers: Sequence[str]) -> dict[str, Recovered]:
    """Methane recovered by the waste-water source that made it.

    A recovery belongs to the source that its attribute `balance_of` names, or to the only one there is.

    Raises:
        FaultyFlow: it belongs to none that has data, or there are several and it names none.
        WrongDimension: a quantity is no mass.
    """
    found: dict[str, Recovered] = {}
    for source in calculation.sources("methane-recovery"):
        maker = source.attributes.get(BALANCE_OF) or (makers[0] if len(makers) == 1 else "")
        if maker not in makers:
            raise FaultyFlow(source.code, BALANCE_OF, "names no waste-water source that has data")
        before = found.get(maker, Recovered(ZERO, ()))
        kilograms, note = _shown(calculation, source)
        found[maker] = Recovered(SUM_CONTEXT.add(before.kilograms, kilograms), (*before.notes, note))
    return found


def _line(calculation: Calculation, source: Source, gas: str, place: Place) -> InventoryLine:
    kilograms, note = _shown(calculation, source)
    return calculation.line(
        source,
        place,
        calculation.quantity(source),
        factors=(),
        gases=(calculation.gas(gas, SUM_CONTEXT.minus(kilograms)),),
        formula=formulas.RECOVERED,
        notes=(note,),
    )


def _shown(calculation: Calculation, source: Source) -> tuple[Decimal, str]:
    kilograms = scale(calculation.quantity(source), source.unit, "kg")
    shown = evidence(source, EVIDENCE)
    stated = f"{canonical(kilograms)} kg recovered ({source.code})"
    if not shown:
        return ZERO, f"{stated}: destruction or use is not shown, none is subtracted"
    return kilograms, f"{stated}, shown by {shown}"
