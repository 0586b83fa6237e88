"""Own reductions come first (R42)."""

from __future__ import annotations

from decimal import Decimal

from zerocarbon.proof.gates.claim import Basis, ClaimFacts, EarlierPeriod, Measure
from zerocarbon.proof.gates.figures import tonnes
from zerocarbon.proof.gates.result import GateResult, judged
from zerocarbon.proof.numbers import product

REDUCE = "carry out a measure, record what it saved at equal output, and declare for the period it acts in"


def measures_done(facts: ClaimFacts) -> list[Measure]:
    """Measures of the plan that were carried out by the declaration and saved something."""
    if facts.plan is None:
        return []
    return [
        measure
        for measure in facts.plan.measures
        if measure.done_on is not None
        and measure.done_on <= facts.declared_on
        and measure.achieved_kg is not None
        and measure.achieved_kg > 0
    ]


def first_or_reduced(facts: ClaimFacts, *, clause: str, basis: Basis) -> GateResult:
    """PAS 2060: a first period may be all-offset; each later one shows a like-for-like reduction."""
    if facts.first_period:
        done = measures_done(facts)
        return judged("reduction", clause, [], _done_text(done) or "first period, all-offset", None)
    faults, holds = _compared(facts, facts.earlier[-1], basis) if facts.earlier else (["nothing before"], "")
    return judged("reduction", clause, faults, holds, REDUCE)


def hierarchy(facts: ClaimFacts, *, clause: str) -> GateResult:
    """ISO 14068-1: reduction before offsetting, from the first period on."""
    done = measures_done(facts)
    faults = [] if done else ["no measure of the plan was carried out with a quantified saving"]
    return judged("hierarchy", clause, faults, _done_text(done), REDUCE)


def is_all_offset(facts: ClaimFacts) -> bool:
    """A first period without a measure that was done: it says so in the statement."""
    return facts.first_period and not measures_done(facts)


def rose_while_intensity_fell(facts: ClaimFacts, basis: Basis) -> bool:
    """Emissions rose against the period before, emissions per unit of output fell."""
    if not facts.earlier:
        return False
    before = facts.earlier[-1]
    rose = facts.inventory.emissions.under(basis) >= before.emissions.under(basis)
    return rose and _intensity_fell(facts, before, basis)


def _compared(facts: ClaimFacts, before: EarlierPeriod, basis: Basis) -> tuple[list[str], str]:
    now, then = facts.inventory.emissions.under(basis), before.emissions.under(basis)
    told = (
        f"{tonnes(then)} t before, {tonnes(now)} t now under the {basis}-based method"
        f" (without certificates {tonnes(before.emissions.location_kg)} t and"
        f" {tonnes(facts.inventory.emissions.location_kg)} t)"
    )
    unlike = [
        f"{name} changed from {old} to {new}"
        for name, old, new in (
            ("the method", before.profile, facts.inventory.profile),
            ("the GWP set", before.gwp_set, facts.inventory.gwp_set),
            ("the boundary", before.boundary, facts.subject.boundary),
        )
        if old != new
    ]
    if unlike:
        return ["not like for like: " + ", ".join(unlike)], ""
    if now < then:
        return [], told
    if not _intensity_fell(facts, before, basis):
        return [f"no reduction: {told}"], ""
    if not (facts.intensity_explanation or "").strip():
        return [f"emissions rose while intensity fell, without an explanation: {told}"], ""
    return [], f"per unit of output lower, explained: {told}"


def _intensity_fell(facts: ClaimFacts, before: EarlierPeriod, basis: Basis) -> bool:
    """Compares crosswise, so that nothing is divided."""
    if not facts.output or not before.output:
        return False
    now = product(facts.inventory.emissions.under(basis), before.output)
    return now < product(before.emissions.under(basis), facts.output)


def _done_text(done: list[Measure]) -> str:
    return "; ".join(
        f"measure {measure.code} done on {measure.done_on},"
        f" {tonnes(measure.achieved_kg or Decimal(0))} t a year"
        for measure in done
    )
