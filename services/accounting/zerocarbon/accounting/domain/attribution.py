"""Why a version differs from the one before it: one cause after the other is substituted, and what each moves
is its part.

The chain begins at the frozen lines and ends at the new ones. Between them the same `quantify` computes an
inventory after each substitution, and a part is the difference of two neighbours, so that all parts sum
exactly to the whole. The first link is today's programme over the facts of then: old programmes cannot be
run over new facts, so it comes first. Sources that are new come after the factors, because those that were
known then need not cover them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import get_args

from zerocarbon.contracts import inventory as contracts
from zerocarbon.contracts.inventory import AttributedPart, Attribution, Cause, LineDifference
from zerocarbon.proof.comparison import by_name, kilograms, totals_less, totals_sum
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.inventory import Totals, totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.refusal import Refused

CAUSES: tuple[Cause, ...] = get_args(Cause)
"""In the order in which they are told apart."""

NOTE_LENGTH = 2000
UNKNOWN_FACTS = "the facts that the superseded version rested on could not be told from those that came later"
ZERO = Decimal(0)

Lines = Sequence[InventoryLine]
Moved = tuple[InventoryLine | None, InventoryLine | None]
"""A line before and after a substitution."""


@dataclass(frozen=True, slots=True)
class Then:
    """The superseded version: its frozen lines, and what they were computed from.

    Attributes:
        inputs: facts and choices of then, of sources as they are described today; None where they cannot be
            told any more.
        late, corrected: what late data and corrections added since to the quantities of its sources.
        late_facts, corrected_facts: how many readings and records those are.
    """

    lines: Lines
    inputs: InventoryInputs | None
    late: Mapping[str, Decimal]
    corrected: Mapping[str, Decimal]
    late_facts: int = 0
    corrected_facts: int = 0


@dataclass(frozen=True, slots=True)
class Stated:
    """Why the version was begun, in the words of who began it."""

    kind: str | None = None
    reason: str | None = None


NOTHING_STATED = Stated()


def attribute(then: Then, now: InventoryInputs, lines: Lines, stated: Stated = NOTHING_STATED) -> Attribution:
    """The parts of the difference between the frozen lines and `lines`, which `now` was quantified to."""
    chain = _Chain(then.lines, stated)
    if then.inputs is None:
        chain.left("error", UNKNOWN_FACTS)
        chain.ended("error", lines)
    else:
        _substitute(chain, then, then.inputs, now, lines)
    before, difference = totals(then.lines), totals_less(totals(lines), totals(then.lines))
    parts = [chain.part(cause, _facts(then, cause)) for cause in CAUSES]
    summed = totals_sum(Totals.from_json(part.difference.model_dump(mode="json")) for part in parts)
    assert summed == difference, "neighbours of a chain telescope"
    return Attribution(before=_published(before), difference=_published(difference), parts=parts)


def _substitute(
    chain: _Chain, then: Then, inputs: InventoryInputs, now: InventoryInputs, lines: Lines
) -> None:
    library = Library.load()
    chain.recomputed(inputs, library)
    inputs = replace(inputs, quantities=_sums(inputs.quantities, then.late))
    chain.step("late-data", inputs, library)
    inputs = replace(inputs, quantities=_sums(inputs.quantities, then.corrected))
    chain.step("correction", inputs, library)
    # Today's edition of the potentials with the factors of then: what was published since is withheld.
    withheld = Library.of(one for one in library.factors() if one.published <= inputs.knowledge_date)
    known = tuple(one for one in inputs.organisation_factors if one.published <= inputs.knowledge_date)
    inputs = replace(inputs, knowledge_date=now.knowledge_date, organisation_factors=known)
    chain.step("gwp-set", inputs, withheld)
    inputs = replace(inputs, organisation_factors=now.organisation_factors)
    chain.step("factor", inputs, library)
    inputs = replace(inputs, quantities=now.quantities)
    chain.step("boundary", inputs, library)
    chain.ended("certificates", lines)


class _Chain:
    """From inventory to inventory; gathers what each cause moves."""

    def __init__(self, frozen: Lines, stated: Stated) -> None:
        self._last: Lines = frozen
        self._stated = stated
        self._moved: dict[Cause, list[Moved]] = {}
        self._notes: dict[Cause, list[str]] = {}
        self._waiting: list[tuple[Cause, str]] = []

    def recomputed(self, inputs: InventoryInputs, library: Library) -> None:
        """The facts of then under today's programme: what differs is judged line by line."""
        lines = self._computed("method", inputs, library)
        if lines is not None:
            frozen, stated = self._last, self._stated
            self._went_on(lines, lambda old, new: _unmoved_facts(old, new, frozen, lines, stated))

    def step(self, cause: Cause, inputs: InventoryInputs, library: Library) -> None:
        """One substitution. Where it cannot be quantified, the next one takes its part too."""
        lines = self._computed(cause, inputs, library)
        if lines is not None:
            self.ended(cause, lines)

    def ended(self, cause: Cause, lines: Lines) -> None:
        """One substitution with a result that is there already."""
        self._went_on(lines, lambda _before, _after: cause)
        for waiting, reason in self._waiting:
            if waiting != cause:
                self._note(waiting, f"{reason}; it stands in the part {cause}")
                self._note(cause, f"with it stands the part {waiting}")
        self._waiting.clear()

    def left(self, cause: Cause, reason: str) -> None:
        """Says beside a part why it is not what its name says alone."""
        self._note(cause, reason)

    def part(self, cause: Cause, facts: int | None) -> AttributedPart:
        """What a cause came to."""
        moved = self._moved.get(cause, [])
        before = [line for line, _ in moved if line is not None]
        after = [line for _, line in moved if line is not None]
        if cause == "error" and self._stated.reason and moved:
            self._note(cause, f"stated: {self._stated.reason}")
        return AttributedPart(
            cause=cause,
            difference=_published(totals_less(totals(after), totals(before))),
            lines=list(_by_line(moved)),
            facts=facts,
            note="; ".join(self._notes.get(cause, []))[:NOTE_LENGTH] or None,
        )

    def _computed(self, cause: Cause, inputs: InventoryInputs, library: Library) -> Lines | None:
        try:
            return quantify(inputs, library)
        except Refused as refused:
            self._waiting.append((cause, f"could not be told apart ({refused.rule}: {refused})"))
            return None

    def _went_on(
        self, lines: Lines, cause_of: Callable[[InventoryLine | None, InventoryLine | None], Cause]
    ) -> None:
        before, after = by_name(self._last), by_name(lines)
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name), after.get(name)
            if old != new:
                self._moved.setdefault(cause_of(old, new), []).append((old, new))
        self._last = lines

    def _note(self, cause: Cause, text: str) -> None:
        self._notes.setdefault(cause, []).append(text)


def _unmoved_facts(
    before: InventoryLine | None, after: InventoryLine | None, old: Lines, new: Lines, stated: Stated
) -> Cause:
    """Why a line comes out differently although no fact moved.

    A source that stands elsewhere altogether has another kind: that is the boundary. Then factors, then
    potentials; what nothing explains is the method, or the error that was stated.
    """
    unexplained: Cause = "error" if stated.kind == "error" else "method"
    line = after or before
    assert line is not None, "a difference has a side"
    was, is_now = _places(old, line.source), _places(new, line.source)
    if was.isdisjoint(is_now):
        return "boundary"
    if before is None or after is None:
        return unexplained
    if before.factors != after.factors:
        return "factor"
    if before.gwp_set != after.gwp_set or _potentials(before) != _potentials(after):
        return "gwp-set"
    return unexplained


def _places(lines: Lines, source: str) -> set[tuple[str, str]]:
    return {(line.scope, line.category) for line in lines if line.source == source}


def _potentials(line: InventoryLine) -> list[tuple[str, Decimal]]:
    return [(mass.gas, mass.gwp) for mass in line.gases]


def _by_line(moved: Iterable[Moved]) -> Iterator[LineDifference]:
    summed: dict[str, Decimal] = {}
    for before, after in moved:
        line = after or before
        assert line is not None, "a difference has a side"
        more = SUM_CONTEXT.subtract(kilograms(after), kilograms(before))
        summed[line.line] = SUM_CONTEXT.add(summed.get(line.line, ZERO), more)
    return (LineDifference(line=name, co2e_kg=more) for name, more in sorted(summed.items()) if more)


def _sums(quantities: Mapping[str, Decimal], more: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {code: SUM_CONTEXT.add(held, more.get(code, ZERO)) for code, held in quantities.items()}


def _facts(then: Then, cause: Cause) -> int | None:
    if then.inputs is None:
        return None
    return {"late-data": then.late_facts, "correction": then.corrected_facts}.get(cause)


def _published(totalled: Totals) -> contracts.Totals:
    return contracts.Totals.model_validate(totalled.to_json())
