"""The facts that a claim rests on, as the bundle carries them and the gates judge them.

Gates read them through `zerocarbon.proof.bundle.claim_facts`, as a stranger's verifier does: what is
recomputed from a bundle is what was decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.inventory import FactorApproved
from zerocarbon.contracts.reference import MeterRegistered, SourceRegistered
from zerocarbon.declaration.domain.factory import KnownFactory
from zerocarbon.declaration.domain.inventory import KnownInventory
from zerocarbon.declaration.domain.record import Claim, Record
from zerocarbon.proof.bundle import Circumstances, Contents
from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.gates.claim import EarlierPeriod, Emissions
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.period import Period


@dataclass(frozen=True, slots=True)
class Known:
    """What other services told.

    Attributes:
        inventories: closed versions by id; those of earlier claims too.
        retired: units that stand retired for the claim, in tonnes.
        energy: certificates retired under scope 2 of the claim's inventory, in MWh.
        factors: the organisation's own factors that the close could choose from.
        energy_withdrawn: whether a registry took certificates of that inventory back since its close.
    """

    factory: KnownFactory
    inventories: Mapping[str, KnownInventory]
    retired: Sequence[UnitsRetired] = ()
    energy: Sequence[UnitsRetired] = ()
    factors: Sequence[FactorApproved] = ()
    energy_withdrawn: bool = False


def contents_of_inventory(inventory: KnownInventory, known: Known) -> Contents:
    """The facts of a closed inventory without any claim on it; evidence and library are not in yet."""
    closed = inventory.closed
    metered = {coverage.meter for coverage in closed.coverage}
    codes = {source.source_id: source.code for source in known.factory.sources}
    return Contents(
        factory=_json(known.factory.registered),
        sources=tuple(_source(source) for source in known.factory.sources),
        meters=tuple(_meter(meter, codes) for meter in known.factory.meters if meter.code in metered),
        readings=(),
        records=(),
        library_factors=(),
        inventory=_json(closed),
        organisation_factors=tuple(_json(factor) for factor in known.factors),
        energy_retirements=tuple(_json(units) for units in known.energy),
    )


def contents_of_claim(record: Record, claim: Claim, known: Known) -> Contents:
    """The facts of a claim; evidence, library and statements are not in yet."""
    opened = claim.opened
    basis = contents_of_inventory(known.inventories[opened.inventory_id], known)
    commitment, plan = record.commitment_for(opened.period), record.plan()
    opinions = record.opinions_on(opened.inventory_sha256)
    return Contents(
        factory=basis.factory,
        sources=basis.sources,
        meters=basis.meters,
        readings=(),
        records=(),
        library_factors=(),
        inventory=basis.inventory,
        organisation_factors=basis.organisation_factors,
        energy_retirements=basis.energy_retirements,
        credit_retirements=tuple(_json(units) for units in known.retired),
        requests=tuple(_json(request) for request in claim.requests),
        opinion=_json(opinions[-1]) if opinions else None,
        commitment=_json(commitment) if commitment else None,
        plan=_json(plan) if plan else None,
        claim=_json(opened),
        circumstances=Circumstances(
            earlier=_earlier(record, claim, known),
            withdrawn_standards_refused=record.policy.withdrawn_standards_refused,
        ),
    )


def _json(event: Event) -> JsonObject:
    data: JsonObject = event.model_dump(mode="json", exclude_none=True)
    return data


def _source(source: SourceRegistered) -> Source:
    return Source(
        code=source.code,
        kind=source.kind,
        substance=source.substance,
        unit=source.unit,
        scope3_category=source.scope3_category,
        attributes=source.attributes,
    )


def _meter(meter: MeterRegistered, codes: Mapping[str, str]) -> Meter:
    return Meter(meter.code, codes[meter.source_id], meter.unit, meter.interval_seconds)


def _earlier(record: Record, claim: Claim, known: Known) -> tuple[EarlierPeriod, ...]:
    """The periods declared before this one, oldest first, as the claims of issued statements bound them."""
    declared = {one.current.claim_id for one in record.statements.values()}
    before = [
        other.opened
        for claim_id, other in record.claims.items()
        if claim_id in declared and other.opened.period.start < claim.opened.period.start
    ]
    periods = []
    for opened in sorted(before, key=lambda one: one.period.start):
        closed = known.inventories[opened.inventory_id].closed
        periods.append(
            EarlierPeriod(
                period=Period(opened.period.start, opened.period.end),
                emissions=Emissions(closed.totals.total_location, closed.totals.total_market),
                profile=closed.profile,
                gwp_set=closed.gwp_set,
                boundary=opened.boundary,
            )
        )
    return tuple(periods)
