"""Which retired credits count, and the neutrality test (R179, R195 to R197, R208).

A credit that breaks a rule does not count; a gate holds while what counts under it is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from zerocarbon.proof.gates.claim import Basis, ClaimFacts, Credits
from zerocarbon.proof.gates.figures import tonnes, whole
from zerocarbon.proof.gates.months import add_months
from zerocarbon.proof.gates.result import GateResult, judged
from zerocarbon.proof.gates.timetable import last_day_to_retire, span
from zerocarbon.proof.numbers import tonnes_rounded_up

CreditRule = Callable[[ClaimFacts, Credits], str | None]
"""Why a credit does not count, or none."""

RETIRE = "retire credits that meet the rule for this factory and period"


def issued_after_reduction(facts: ClaimFacts, credit: Credits) -> str | None:
    """Issued only after the reduction took place (DC24)."""
    del facts
    if credit.issued_on < credit.vintage_end:
        return f"issued on {credit.issued_on}, before the reduction of {credit.vintage_end}"
    return None


def genuine(facts: ClaimFacts, credit: Credits) -> str | None:
    """One tonne each, retired in a public registry, by a project outside the subject (DC12, DC23)."""
    del facts
    if credit.unit != "tCO2e":
        return f"its unit is {credit.unit}"
    if not credit.registry_reference.strip():
        return "no registry shows its retirement"
    if not credit.outside_boundary:
        return f"project {credit.project} is not confirmed to stand outside the boundary"
    return None


def bound_to_claim(facts: ClaimFacts, credit: Credits) -> str | None:
    """Retired for this factory, this purpose and this period (DC18, DC20, R197)."""
    if not credit.for_factory:
        return "retired for another beneficiary"
    if credit.purpose != "neutrality-claim":
        return f"retired for the purpose {credit.purpose}"
    if credit.period != facts.period:
        return f"retired for the period {span(credit.period)}"
    return None


def after_verification(facts: ClaimFacts, credit: Credits) -> str | None:
    """Offset only after report and verification (R179)."""
    if facts.opinion is None:
        return "retired without an opinion"
    if credit.retired_on < facts.opinion.signed_on:
        return f"retired on {credit.retired_on}, before the opinion of {facts.opinion.signed_on}"
    return None


def within_year_of_declaration(facts: ClaimFacts, credit: Credits) -> str | None:
    """Retired within 12 months of the declaration (DC22)."""
    if credit.retired_on > facts.declared_on:
        return f"retired on {credit.retired_on}, after the declaration"
    if facts.declared_on > add_months(credit.retired_on, 12):
        return f"retired on {credit.retired_on}, more than 12 months before the declaration"
    return None


def within_year_after_period(facts: ClaimFacts, credit: Credits) -> str | None:
    """Retired within 12 months after the end of the reporting period (DC22)."""
    if credit.retired_on > facts.declared_on:
        return f"retired on {credit.retired_on}, after the declaration"
    if credit.retired_on >= last_day_to_retire(facts.period):
        return f"retired on {credit.retired_on}, more than 12 months after the period"
    return None


def credit_gate(
    facts: ClaimFacts, *, gate: str, clause: str, basis: Basis, rules: tuple[CreditRule, ...]
) -> GateResult:
    """Holds while the credits that meet the rules are enough, or while there are no others."""
    counted, reasons = _sorted_out(facts, rules)
    enough = counted >= needed_tonnes(facts, basis)
    told = "; ".join([f"{whole(counted)} t meet the rule", *reasons])
    return judged(gate, clause, [] if enough or not reasons else [told], told, RETIRE)


def window_after_period(facts: ClaimFacts, *, clause: str, basis: Basis) -> GateResult:
    """ISO 14068-1: the window closes 12 months after the period; after that nothing cures a shortfall."""
    last = last_day_to_retire(facts.period)
    result = credit_gate(
        facts, gate="retirement-window", clause=clause, basis=basis, rules=(within_year_after_period,)
    )
    counted, _ = _sorted_out(facts, (within_year_after_period,))
    if facts.declared_on >= last and counted < needed_tonnes(facts, basis):
        found = f"the window to retire closed on {last}; {result.found}"
        return GateResult("retirement-window", clause, passed=False, found=found, cure=None)
    return result


def no_serial_twice(facts: ClaimFacts, *, clause: str) -> GateResult:
    """Units of one number space of a registry stand once within the claim (R197)."""
    ordered = sorted(facts.credits, key=lambda credit: (credit.registry, credit.serial, credit.low))
    faults = [
        f"{after.serial} from {after.low} stands twice in the claim"
        for before, after in pairwise(ordered)
        if (before.registry, before.serial) == (after.registry, after.serial) and after.low < before.high
    ]
    empty = [f"{credit.serial} holds no unit" for credit in facts.credits if credit.high <= credit.low]
    cure = "retire each unit once"
    return judged("no-serial-twice", clause, faults + empty, "no unit stands twice in the claim", cure)


def neutrality(facts: ClaimFacts, *, clause: str, basis: Basis, rules: tuple[CreditRule, ...]) -> GateResult:
    """Emissions, rounded up to whole tonnes, do not exceed the credits that count (R196)."""
    needed, counted = needed_tonnes(facts, basis), counted_tonnes(facts, rules)
    other: Basis = "market" if basis == "location" else "location"
    told = (
        f"E = {tonnes(facts.inventory.emissions.under(basis))} t, counted as {whole(needed)} t"
        f" ({basis}-based; {other}-based it would be {whole(needed_tonnes(facts, other))} t);"
        f" C = {whole(counted)} credits"
    )
    cure = f"retire {whole(needed - counted)} more credits that count, or reduce and close again"
    return judged("neutrality", clause, [told] if needed > counted else [], told, cure)


def counted_tonnes(facts: ClaimFacts, rules: tuple[CreditRule, ...]) -> int:
    """Whole credits that meet every rule."""
    return _sorted_out(facts, rules)[0]


def needed_tonnes(facts: ClaimFacts, basis: Basis) -> int:
    """Emissions in whole tonnes, rounded up; never below zero."""
    return max(0, tonnes_rounded_up(facts.inventory.emissions.under(basis)))


def _sorted_out(facts: ClaimFacts, rules: Iterable[CreditRule]) -> tuple[int, list[str]]:
    """Tonnes that meet all rules, and for each other credit the first reason against it."""
    rules = tuple(rules)
    counted, reasons = 0, []
    for credit in facts.credits:
        against = next((reason for rule in rules if (reason := rule(facts, credit))), None)
        if against is None:
            counted += credit.tonnes
        else:
            reasons.append(f"{credit.serial} [{credit.low}, {credit.high}) does not count: {against}")
    return counted, reasons
