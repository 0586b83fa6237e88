"""From a draft's facts and evidence to its lines, open questions and content: equal facts, equal bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zerocarbon.accounting.domain.closing import Content
from zerocarbon.accounting.domain.questions import Evidence, open_questions
from zerocarbon.accounting.service.attributing import attributed
from zerocarbon.accounting.service.draft_facts import DraftFacts
from zerocarbon.accounting.service.evidence import Replayed
from zerocarbon.common.refusal import Violation
from zerocarbon.contracts import inventory as contracts
from zerocarbon.proof import inventory as proof
from zerocarbon.proof.fold import Sums
from zerocarbon.proof.gwp import gwp_table
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.not_counted import not_counted
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.rollup import PeriodSum, Span, all_in_period, negative_own_use
from zerocarbon.proof.units import convert

ENERGY = "kWh"


@dataclass(frozen=True, slots=True)
class Computed:
    """A draft as it stands. Without lines there is no content, and the questions say why."""

    questions: tuple[Violation, ...]
    lines: tuple[InventoryLine, ...]
    content: Content


def compute(facts: DraftFacts, replayed: Replayed) -> Computed:
    """Quantifies the draft and asks what is still open.

    The sums that were kept as events came in, and the sums folded from the events just now by other code,
    must be equal; where they are not, that is an open question of its own.
    """
    by_source = consumed(facts)
    inputs = inputs_of(facts, by_source)
    lines: tuple[InventoryLine, ...] = ()
    refusal: Refused | None = None
    try:
        lines = quantify(inputs)
    except Refused as refused:
        refusal = refused
    questions = open_questions(
        facts.inventory,
        Evidence(
            inputs=inputs,
            lines=lines,
            coverage=replayed.coverage,
            today=facts.today,
            parked=facts.parked,
            halted=facts.halted,
            refusal=refusal,
            straddling=[code for code, found in by_source.items() if found.straddling],
            negative_own_use=_negative_own_use(facts),
        ),
    )
    questions += _paired(facts.sums.sums, replayed)
    attribution = attributed(facts, replayed, inputs, lines) if refusal is None else None
    return Computed(tuple(questions), lines, _content(facts, replayed, inputs, lines, attribution))


def consumed(facts: DraftFacts) -> dict[str, PeriodSum]:
    """What each source with data consumed in the period, in order of their codes."""
    zone = facts.factory.facts.time_zone
    found = all_in_period(facts.sums.sums, facts.sums.with_data, facts.period, zone)
    return {code: found[code] for code in sorted(found)}


def inputs_of(facts: DraftFacts, by_source: Mapping[str, PeriodSum]) -> InventoryInputs:
    """What the draft is quantified from, as of now."""
    return InventoryInputs(
        factory=facts.factory.facts,
        period=facts.period,
        knowledge_date=facts.knowledge_date,
        sources=tuple(facts.factory.sources.values()),
        quantities={code: found.quantity for code, found in by_source.items()},
        retirements=facts.retired.facts,
        organisation_factors=facts.organisation_factors,
        profile=facts.inventory.opened.profile,
        consolidation=facts.inventory.opened.consolidation,
    )


def _paired(incremental: Sums, replayed: Replayed) -> list[Violation]:
    found = [Violation("R7", unknown) for unknown in replayed.unknown]
    if incremental.digest() != replayed.sums.digest():
        found.append(
            Violation(
                "sums-differ",
                "the sums that were kept differ from the sums folded from the events; the projection has to"
                " be rebuilt before the period can close",
            )
        )
    return found


def _negative_own_use(facts: DraftFacts) -> tuple[Span, ...]:
    units = {source.code: source.unit for source in facts.factory.sources.values()}
    generation, export = _codes(facts, "electricity-generation"), _codes(facts, "electricity-export")
    if not generation or not export:
        return ()
    energy = Sums(
        {
            key: convert(quantity, units[key[0]], ENERGY)
            for key, quantity in facts.sums.sums.items()
            if key[0] in generation | export
        }
    )
    return tuple(span for span, _ in negative_own_use(energy, generation, export))


def _codes(facts: DraftFacts, kind: str) -> frozenset[str]:
    return frozenset(source.code for source in facts.factory.sources.values() if source.kind == kind)


def _content(
    facts: DraftFacts,
    replayed: Replayed,
    inputs: InventoryInputs,
    lines: Sequence[InventoryLine],
    attribution: contracts.Attribution | None,
) -> Content:
    method = profile(inputs.profile)
    return Content(
        factory=facts.factory.facts.code,
        knowledge_date=facts.knowledge_date,
        gwp_set=method.edition(gwp_table(), facts.knowledge_date).code,
        lines=[contracts.InventoryLine.model_validate(line.to_json()) for line in lines],
        totals=contracts.Totals.model_validate(proof.totals(lines).to_json()),
        coverage=[contracts.MeterCoverage.model_validate(meter.to_json()) for meter in replayed.coverage],
        readings_root=replayed.leaves.root,
        readings_count=replayed.leaves.count,
        retirements=facts.retired.retirement_ids if method.instruments_act else (),
        lines_sha256=proof.lines_digest(lines),
        pins=_pins(facts),
        not_counted=[contracts.NotCounted.model_validate(one.to_json()) for one in not_counted(inputs)],
        attribution=attribution,
    )


def _pins(facts: DraftFacts) -> list[contracts.Pin]:
    """Topics that are keyed by factory have one pin, under their name; others have one for each partition,
    as `topic/partition`."""
    pins = []
    for one in facts.read_to:
        keyed = facts.partitions.get(one.partition.topic)
        if keyed is None:
            name = f"{one.partition.topic}/{one.partition.partition}"
        elif keyed == one.partition:
            name = one.partition.topic
        else:
            continue
        pins.append(contracts.Pin(topic=name, position=one.position))
    return pins
