"""How much of the emissions an inventory must cover.

Denominators hold the inventory and the upper estimates of all that is left out (rules for verifiers); a
source whose size is unknown cannot be shown to be small, so it refuses.
"""

from __future__ import annotations

from decimal import Decimal

from zerocarbon.proof.gates.claim import Basis, ClaimFacts, LeftOut
from zerocarbon.proof.gates.result import GateResult, judged
from zerocarbon.proof.numbers import canonical, product, quotient, total

ONE_PERCENT = Decimal("0.01")
NINETY_FIVE_PERCENT = Decimal("0.95")
FIVE_PERCENT = Decimal("0.05")
HALF = Decimal("0.5")
INCLUDE = "quantify what was left out, and close the inventory again"


def scopes_1_and_2(facts: ClaimFacts, *, clause: str) -> GateResult:
    """All of scopes 1 and 2 is covered: nothing may be left out there."""
    left = [left.name for left in facts.inventory.left_out if left.scope in ("1", "2")]
    faults = [f"source {name} of scope 1 or 2 is left out" for name in left]
    return judged("scopes-1-and-2", clause, faults, "nothing of scopes 1 and 2 is left out", INCLUDE)


def one_percent(facts: ClaimFacts, *, clause: str, basis: Basis) -> GateResult:
    """No single scope 3 source above 1 % of the total is left out."""
    whole = facts.inventory.estimated_total(basis)
    limit = product(whole, ONE_PERCENT)
    faults = unknown(facts)
    faults += [
        f"source {left.name} is left out with {_percent(left.estimate_kg, whole)} of {_whole(basis)}"
        for left in _scope_3(facts)
        if left.estimate_kg is not None and left.estimate_kg > limit
    ]
    return judged(
        "one-percent", clause, faults, f"no source above 1 % of {_whole(basis)} is left out", INCLUDE
    )


def ninety_five_percent(facts: ClaimFacts, *, clause: str, basis: Basis) -> GateResult:
    """At least 95 % of the total is covered."""
    whole = facts.inventory.estimated_total(basis)
    covered = facts.inventory.emissions.under(basis)
    faults = unknown(facts)
    if covered < product(whole, NINETY_FIVE_PERCENT):
        faults.append(f"only {_percent(covered, whole)} of {_whole(basis)} is covered")
    holds = f"{_percent(covered, whole)} of {_whole(basis)} is covered"
    return judged("ninety-five-percent", clause, faults, holds, INCLUDE)


def remainder(facts: ClaimFacts, *, clause: str, basis: Basis) -> GateResult:
    """Where one source weighs more than half, 95 % of all the rest is covered too."""
    whole = facts.inventory.estimated_total(basis)
    half = product(whole, HALF)
    large = [source for source in facts.inventory.sources if source.emissions.under(basis) > half]
    if not large:
        return judged("remainder", clause, [], f"no source weighs more than half of {_whole(basis)}", INCLUDE)
    dominant = large[0]
    rest = total([whole, -dominant.emissions.under(basis)])
    covered = total([facts.inventory.emissions.under(basis), -dominant.emissions.under(basis)])
    share = _percent(covered, rest)
    found = f"beside source {dominant.source}, {share} of the rest of {_whole(basis)} is covered"
    faults = [found] if covered < product(rest, NINETY_FIVE_PERCENT) else []
    return judged("remainder", clause, faults, found, INCLUDE)


def significance(facts: ClaimFacts, *, clause: str, basis: Basis) -> GateResult:
    """What is left out stays, all together, below the usual materiality of 5 %."""
    whole = facts.inventory.estimated_total(basis)
    left = total(left.estimate_kg for left in facts.inventory.left_out if left.estimate_kg is not None)
    faults = unknown(facts)
    if left > product(whole, FIVE_PERCENT):
        faults.append(f"{_percent(left, whole)} of {_whole(basis)} is left out")
    holds = f"{_percent(left, whole)} of {_whole(basis)} is left out"
    return judged("significance", clause, faults, holds, INCLUDE)


def unknown(facts: ClaimFacts) -> list[str]:
    """Names what was left out without an estimate of its size."""
    return [
        f"source {left.name} is left out and its size is unknown"
        for left in facts.inventory.left_out
        if left.estimate_kg is None
    ]


def _scope_3(facts: ClaimFacts) -> list[LeftOut]:
    return [left for left in facts.inventory.left_out if left.scope == "3"]


def _whole(basis: Basis) -> str:
    """What the percentages are of: both methods of scope 2 give their own."""
    return f"the {basis}-based total including estimates of what is left out"


def _percent(part: Decimal, whole: Decimal) -> str:
    if not whole:
        return "100 %"
    share = quotient(product(part, Decimal(100)), whole)
    return f"{canonical(share.quantize(Decimal('0.01')))} %"
