"""Why a draft differs from the closed version before it: what was known then, put together again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from zerocarbon.accounting.domain.arrivals import Facts
from zerocarbon.accounting.domain.attribution import Stated, Then, attribute
from zerocarbon.accounting.service.draft_facts import DraftFacts
from zerocarbon.accounting.service.evidence import History, Replayed, folded
from zerocarbon.accounting.store.closed_facts import ClosedFacts
from zerocarbon.contracts.inventory import Attribution
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.quantify import InventoryInputs
from zerocarbon.proof.rollup import all_in_period

ZERO = Decimal(0)


def attributed(
    facts: DraftFacts, replayed: Replayed, inputs: InventoryInputs, lines: Sequence[InventoryLine]
) -> Attribution | None:
    """The parts of the difference to the version that the draft is held against; None where there is none.

    `lines` are what `inputs` were quantified to.
    """
    if facts.base is None:
        return None
    draft = facts.inventory.draft
    stated = Stated(draft.restatement_kind, draft.restatement_reason) if draft is not None else Stated()
    return attribute(_then(facts, facts.base, replayed.history, inputs), inputs, lines, stated)


def chosen_then(base: ClosedFacts, acting: Iterable[Factor]) -> tuple[Factor, ...]:
    """The organisation's own factors that a closed version used: those that its lines name.

    A version that acts only since is not among them; it would replace the one that was chosen.
    """
    named = {(use.factor, use.version) for line in base.lines for use in line.factors}
    return tuple(factor for factor in acting if (factor.id, factor.version) in named)


def _then(facts: DraftFacts, base: ClosedFacts, history: History | None, now: InventoryInputs) -> Then:
    lines = base.lines
    if history is None:
        return Then(lines, None, {}, {})
    late = _quantities(facts, history, history.since.late)
    corrected = _quantities(facts, history, history.since.corrections)
    since = {code: SUM_CONTEXT.add(late[code], corrected[code]) for code in late}
    inputs = replace(
        now,
        knowledge_date=base.knowledge_date,
        quantities={
            code: SUM_CONTEXT.subtract(held, since[code])
            for code, held in now.quantities.items()
            if code in since
        },
        retirements=base.retired_then(),
        organisation_factors=chosen_then(base, now.organisation_factors),
    )
    return Then(
        lines=lines,
        inputs=inputs,
        late=late,
        corrected=corrected,
        late_facts=history.since.late.count,
        corrected_facts=history.since.corrections.count,
    )


def _quantities(facts: DraftFacts, history: History, found: Facts) -> dict[str, Decimal]:
    """What some facts add in the period to each source that had activity then."""
    factory = facts.factory
    inside = all_in_period(folded(factory, found), history.sources, facts.period, factory.facts.time_zone)
    return {code: one.quantity for code, one in inside.items()}
