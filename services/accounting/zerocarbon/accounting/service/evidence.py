"""The evidence of a period, from the events themselves: leaves, coverage, and sums folded once more."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zerocarbon.accounting.domain.activity import Unfoldable, judged
from zerocarbon.accounting.domain.arrivals import Arrivals, Facts, arrivals
from zerocarbon.accounting.service.draft_facts import DraftFacts
from zerocarbon.accounting.store.reference import KnownFactory
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.bus.record import Record
from zerocarbon.common.eventstore.upcast import decode
from zerocarbon.common.evidence import PeriodEvidence, UnknownActivity
from zerocarbon.contracts.activity import ACTIVITY, ActivityEvent
from zerocarbon.proof.bundle import recomputing
from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.completeness import MeterCoverage
from zerocarbon.proof.fold import Sums
from zerocarbon.proof.leaves import Evidence, ReadingBlock, evidence


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the events say.

    Attributes:
        leaves: root and number of the Merkle leaves over every reading and record of the period.
        sums: the fold over them, by the same code that a stranger verifies with.
        unknown: activity of meters or sources that nobody registered.
        history: what of it came after the version that the draft is held against; None where there is none,
            or where the events do not begin with the leaves that were frozen with it.
    """

    leaves: Evidence
    sums: Sums
    coverage: tuple[MeterCoverage, ...]
    unknown: tuple[str, ...]
    history: History | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What came since a version was closed, and the codes of the sources that had activity then."""

    since: Arrivals
    sources: frozenset[str]


async def replay(bus: Bus, facts: DraftFacts) -> Replayed:
    """Reads the factory's activity again, up to where the incremental sums had read it.

    Raises:
        bus.port.Halted, BusUnavailable: the log cannot be read whole.
    """
    until = facts.activity_position
    records: list[Record] = []
    if until is not None:
        records = [record async for record in bus.replay(ACTIVITY, facts.factory.factory_id, until)]
    # A year of a factory is seconds of hashing: other requests go on meanwhile.
    return await asyncio.to_thread(_replayed, facts, records)


def _replayed(facts: DraftFacts, records: Sequence[Record]) -> Replayed:
    factory = facts.factory
    gathered = PeriodEvidence(
        facts.period,
        factory.facts.time_zone,
        {meter_id: meter.code for meter_id, meter in factory.meters.items()},
        {source_id: source.code for source_id, source in factory.sources.items()},
    )
    unknown: list[str] = []
    frozen = None if facts.base is None else facts.base.readings_count
    known: Facts | None = None
    for event in _events(records):
        if known is None and gathered.count == frozen:
            known = Facts(gathered.readings(), gathered.records())
        try:
            gathered.add(event)
        except UnknownActivity as nameless:
            unknown.append(str(nameless))
    found = Facts(gathered.readings(), gathered.records())
    leaves = evidence(found.blocks, found.records)
    if known is None and gathered.count == frozen:
        known = found
    return Replayed(
        leaves=leaves,
        sums=folded(factory, found),
        coverage=_coverage(facts, found.blocks),
        unknown=tuple(sorted(set(unknown))),
        history=None if known is None else _history(facts, known, found, leaves),
    )


def folded(factory: KnownFactory, found: Facts) -> Sums:
    """The fold over facts of a factory, by the code that a stranger verifies with."""
    return recomputing.sums(
        Contents(
            factory=factory.facts.to_json(),
            sources=tuple(factory.sources.values()),
            meters=tuple(factory.meters.values()),
            readings=found.blocks,
            records=found.records,
            library_factors=(),
            inventory={},
        )
    )


def _history(facts: DraftFacts, known: Facts, found: Facts, leaves: Evidence) -> History | None:
    """What came behind the facts of a closed version, once those are proven to be its own.

    Events of a factory keep their order on every way, so that the facts of then are the first ones. Nothing
    is concluded from their number alone: their leaves must have the root that was frozen.
    """
    assert facts.base is not None, "only a closed version froze a number of leaves"
    of_then = leaves if known is found else evidence(known.blocks, known.records)
    if of_then.root != facts.base.readings_root:
        return None
    new = Facts(found.blocks[len(known.blocks) :], found.records[len(known.records) :])
    meters = {meter.code: meter.source for meter in facts.factory.meters.values()}
    active = {meters[code] for code in {block.meter for block in known.blocks}}
    active |= {record.source for record in known.records}
    return History(arrivals(known, new), frozenset(active))


def _events(records: Sequence[Record]) -> Iterator[ActivityEvent]:
    for record in records:
        try:
            judged(record.type, record.value)
        except Unfoldable:
            continue  # it stands parked, and so blocks the close by itself
        event = decode(record.type or "", record.value)
        assert isinstance(event, ActivityEvent), "only activity folds"
        yield event


def _coverage(facts: DraftFacts, blocks: Sequence[ReadingBlock]) -> tuple[MeterCoverage, ...]:
    zone = facts.factory.facts.time_zone
    read: Counter[str] = Counter()
    for block in blocks:
        if block.revision == 1:
            read[block.meter] += len(block.values)
    return tuple(
        MeterCoverage(
            meter=meter.code,
            source=meter.source,
            interval_seconds=meter.interval_seconds,
            expected=facts.period.expected_intervals(meter.interval_seconds, zone),
            read=read[meter.code],
        )
        for meter in sorted(facts.factory.meters.values(), key=lambda meter: meter.code)
    )
