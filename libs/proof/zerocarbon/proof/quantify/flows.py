"""The terms of a mass balance: each is a source of its own, of which the quantity is recorded like any other.

A source's registration holds for ever, its attributes with it. A stock, a refill, a weighed heel belong to a
period: they are recorded with dates and evidence, corrected, and may come late. So a term of a balance is a
source that names, by `balance_of`, the source to whose line it belongs, and by `flow`, which term it is; it
gives no line of its own. Opening and closing stocks are recorded for each stock-taking interval: over
consecutive intervals they cancel but for the first and the last, whatever period is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.facts import Source, SourceKind
from zerocarbon.proof.numbers import canonical, total
from zerocarbon.proof.quantify.attributes import FaultyAttribute
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.units import convert

BALANCE_OF = "balance_of"
FLOW = "flow"

OPENING_STOCK, CLOSING_STOCK, RETURNED, HEEL = "opening-stock", "closing-stock", "returned", "heel"
CHARGED, NAMEPLATE_GROWTH, DISPOSAL_LOSS = "charged", "nameplate-growth", "disposal-loss"
SLUDGE = "sludge"

_EQUIPMENT = (CHARGED, NAMEPLATE_GROWTH, DISPOSAL_LOSS)
FLOWS: Mapping[SourceKind, tuple[str, ...]] = {
    "process-gas": (OPENING_STOCK, CLOSING_STOCK, RETURNED, HEEL),
    "refrigerant": _EQUIPMENT,
    "switchgear": _EQUIPMENT,
    "extinguisher": _EQUIPMENT,
    "waste-water": (SLUDGE,),
}
"""Terms that a source of a kind may have beside its own quantity."""

BALANCED: Mapping[SourceKind, SourceKind] = {
    **{kind: kind for kind in FLOWS},
    "methane-recovery": "waste-water",
}
"""A kind whose sources may belong to another source, and the kind of that source."""


class FaultyFlow(FaultyAttribute):
    """A source says that it is a term of a balance, and is none."""

    rule = "rules 4"


class NegativeBalance(Refused):
    """What is subtracted exceeds what it is subtracted from: a fault of the records, never clamped."""

    rule = "rules 4"


@dataclass(frozen=True, slots=True)
class Balance:
    """A source with a quantity, and the terms that belong to it.

    Attributes:
        terms: by flow, the exact sum in the unit of `source`; a flow without data is absent.
        notes: one for each term, for the line.
        codes: by flow, the first source that gave it, for refusals.
    """

    source: Source
    terms: Mapping[str, Decimal]
    notes: tuple[str, ...]
    codes: Mapping[str, str]

    def term(self, flow: str) -> Decimal:
        """A term, zero where there is none."""
        return self.terms.get(flow, Decimal(0))

    def refuse(self, flow: str, problem: str) -> FaultyFlow:
        """The refusal of a term, in the name of the source that gave it."""
        return FaultyFlow(self.codes[flow], BALANCE_OF, problem)


def flow_of(source: Source) -> str | None:
    """Which term of another source's balance a source is; None where it stands for itself.

    Raises:
        FaultyFlow: only one of the two attributes is there, or the kind has no such term.
    """
    named, flow = source.attributes.get(BALANCE_OF), source.attributes.get(FLOW)
    if named is None and flow is None:
        return None
    known = FLOWS.get(source.kind, ())
    if named is None or not named.strip():
        raise FaultyFlow(source.code, BALANCE_OF, f"the term {flow!r} names no source that it belongs to")
    if flow not in known:
        raise FaultyFlow(source.code, FLOW, f"{flow!r} is not one of {', '.join(known) or 'none'}")
    return flow


def balances(calculation: Calculation, kind: SourceKind) -> tuple[Balance, ...]:
    """The sources of a kind that stand for themselves and have a quantity, each with its terms; by code.

    Raises:
        FaultyFlow: a term belongs to no source that has data, or to one of another substance.
        WrongDimension, InexactConversion: a term cannot be said in the unit of its source.
    """
    sources = calculation.sources(kind)
    flows = {source.code: flow_of(source) for source in sources}
    owners = [source for source in sources if flows[source.code] is None]
    by_code = {owner.code: owner for owner in owners}
    for source in sources:
        if flows[source.code] is not None:
            _check_owner(source, by_code.get(source.attributes[BALANCE_OF]))
    return tuple(
        _balance(
            calculation,
            owner,
            [
                (flow, source)
                for source in sources
                if (flow := flows[source.code]) and source.attributes[BALANCE_OF] == owner.code
            ],
        )
        for owner in owners
    )


def _check_owner(term: Source, owner: Source | None) -> None:
    if owner is None:
        named = term.attributes[BALANCE_OF]
        raise FaultyFlow(term.code, BALANCE_OF, f"no {term.kind} source {named!r} has data")
    # Codes of gases are read in any case.
    if term.substance.lower() != owner.substance.lower():
        problem = f"{term.substance!r} is no term of {owner.code}, which is of {owner.substance!r}"
        raise FaultyFlow(term.code, BALANCE_OF, problem)


def _balance(calculation: Calculation, owner: Source, terms: Iterable[tuple[str, Source]]) -> Balance:
    found: dict[str, list[Decimal]] = {}
    notes: list[str] = []
    codes: dict[str, str] = {}
    for flow, source in terms:
        quantity = convert(calculation.quantity(source), source.unit, owner.unit)
        found.setdefault(flow, []).append(quantity)
        codes.setdefault(flow, source.code)
        notes.append(f"{flow}: {canonical(quantity)} {owner.unit} ({source.code})")
    return Balance(
        owner, {flow: total(quantities) for flow, quantities in found.items()}, tuple(notes), codes
    )
