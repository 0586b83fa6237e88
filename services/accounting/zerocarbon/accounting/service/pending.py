"""What arrived for a closed period since its close: at a glance from the sums, or whole from the events."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from zerocarbon.accounting.domain.pending import Pending
from zerocarbon.accounting.service.attributing import attributed, chosen_then
from zerocarbon.accounting.service.computation import consumed, inputs_of
from zerocarbon.accounting.service.draft_facts import DraftFacts, gather, units_of
from zerocarbon.accounting.service.evidence import Replayed, replay
from zerocarbon.accounting.store import closed_facts, own_factors, period_totals, reference
from zerocarbon.accounting.store.closed_facts import ClosedFacts
from zerocarbon.accounting.store.inventories import Version
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import Violation, refuse
from zerocarbon.contracts.inventory import Attribution
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Retirement
from zerocarbon.proof.inventory import totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.refusal import Refused


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived, counted. `since` is the UTC day of the first reading or record.

    `late` and `corrections` are None where the events do not begin with the facts that were frozen.
    `retired` are certificates that stand now and were not counted, `withdrawn` those that were and fell.
    `parked` are events of the factory that could not be read: of which period is not known.
    """

    late: int | None
    corrections: int | None
    since: date | None
    retired: int
    withdrawn: int
    parked: int


@dataclass(frozen=True, slots=True)
class PendingFacts:
    """A closed version against what it would be with all that is known of its period now.

    Knowledge date and factors are those of the close. `refusal` says why there is no figure of today;
    `attribution` tells what moved it.
    """

    closed: ClosedFacts
    now: datetime
    pending: Pending
    arrived: Arrived
    attribution: Attribution | None
    refusal: Violation | None


async def pending_facts(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    inventory_id: str,
    threshold_percent: Decimal,
) -> PendingFacts:
    """Reads the factory's events again, like a preview, and counts what came since the close.

    Raises:
        NotFound: no such factory or inventory in the organisation.
        Refused: the version is not closed, or was superseded.
    """
    facts = await gather(context, organisation_id, factory_id, inventory_id)
    versions = facts.inventory.versions
    if facts.base is None or inventory_id not in [one.inventory_id for one in versions]:
        raise refuse("not-closed", "facts are pending for a closed version only; ask for the preview instead")
    if versions[-1].inventory_id != inventory_id:
        raise refuse("superseded", f"version {versions[-1].version} has superseded this one; ask about that")
    replayed = await replay(context.bus, facts)
    return await asyncio.to_thread(_told, facts, facts.base, replayed, threshold_percent)


def _told(facts: DraftFacts, base: ClosedFacts, replayed: Replayed, threshold: Decimal) -> PendingFacts:
    inputs = _as_closed(inputs_of(facts, consumed(facts)), base, facts.organisation_factors)
    arrived = _arrived(facts, base, replayed)
    attribution: Attribution | None = None
    lines, refusal = _quantified(inputs)
    if lines is not None:
        attribution = attributed(facts, replayed, inputs, lines)
    counted = (arrived.late, arrived.corrections, arrived.retired, arrived.withdrawn)
    return PendingFacts(
        closed=base,
        now=facts.now,
        pending=Pending(
            closed=base.totals,
            today=None if lines is None else totals(lines),
            arrived=any(counted),
            threshold_percent=threshold,
        ),
        arrived=arrived,
        attribution=attribution,
        refusal=refusal,
    )


async def pending_at_a_glance(
    connection: Connection, organisation_id: str, version: Version, threshold_percent: Decimal
) -> tuple[Pending, Violation | None]:
    """The same figures from the sums alone, in one query: for a view that is asked for often.

    Facts that move no figure are noticed here only if they were recorded after the day of the close.
    """
    base = await closed_facts.of_version(connection, organisation_id, version)
    factory = await reference.factory(connection, organisation_id, version.factory_id)
    acting = await own_factors.acting(connection, organisation_id)
    span = version.period.instants(factory.facts.time_zone)
    certificates = bool(base.retired_since() or base.withdrawn_since())
    try:
        read = await period_totals.read(connection, units_of(factory), span, base.knowledge_date)
    except Refused as refused:
        blocked = Pending(base.totals, None, arrived=True, threshold_percent=threshold_percent)
        return blocked, Violation(refused.rule, str(refused))
    inputs = InventoryInputs(
        factory=factory.facts,
        period=version.period,
        knowledge_date=base.knowledge_date,
        sources=tuple(factory.sources.values()),
        quantities=read.quantities,
        profile=version.profile,
        consolidation=base.closed["consolidation"],
    )
    lines, refusal = await asyncio.to_thread(_quantified, _as_closed(inputs, base, acting))
    found = Pending(
        closed=base.totals,
        today=None if lines is None else totals(lines),
        arrived=read.recorded_after or certificates,
        threshold_percent=threshold_percent,
    )
    return found, refusal


def _as_closed(inputs: InventoryInputs, base: ClosedFacts, acting: Iterable[Factor]) -> InventoryInputs:
    """Today's facts under the choices of the close: its knowledge date and its factors."""
    return replace(
        inputs,
        knowledge_date=base.knowledge_date,
        organisation_factors=chosen_then(base, acting),
        retirements=_standing(base),
    )


def _standing(base: ClosedFacts) -> tuple[Retirement, ...]:
    """Certificates that stand; one retired after the knowledge date acts on a later version only."""
    return tuple(
        one.fact
        for one in base.certificates
        if not one.withdrawn and one.fact.retired_on <= base.knowledge_date
    )


def _quantified(inputs: InventoryInputs) -> tuple[tuple[InventoryLine, ...] | None, Violation | None]:
    try:
        return quantify(inputs), None
    except Refused as refused:
        return None, Violation(refused.rule, str(refused))


def _arrived(facts: DraftFacts, base: ClosedFacts, replayed: Replayed) -> Arrived:
    since = None if replayed.history is None else replayed.history.since
    return Arrived(
        late=None if since is None else since.late.count,
        corrections=None if since is None else since.corrections.count,
        since=None if since is None else since.since,
        retired=len(base.retired_since()),
        withdrawn=len(base.withdrawn_since()),
        parked=facts.parked,
    )
