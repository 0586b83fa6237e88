"""The facts of a claim in the form that the gates judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zerocarbon.contracts.base import Period as ContractPeriod
from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.declaration import OpinionSigned, PlanApproved
from zerocarbon.declaration.domain.factory import KnownFactory
from zerocarbon.declaration.domain.inventory import KnownInventory
from zerocarbon.declaration.domain.record import Claim, Record
from zerocarbon.proof.gates.claim import (
    ClaimFacts,
    Commitment,
    Credits,
    EarlierPeriod,
    Emissions,
    Inventory,
    LeftOut,
    Measure,
    Opinion,
    Plan,
    Policy,
    SourceSize,
    Subject,
    Target,
)
from zerocarbon.proof.numbers import total
from zerocarbon.proof.period import Period


@dataclass(frozen=True, slots=True)
class Known:
    """What other services told: the factory, the closed inventories by id, and the units that stand
    retired for the claim (withdrawn ones are not among them)."""

    factory: KnownFactory
    inventories: Mapping[str, KnownInventory]
    retired: Sequence[UnitsRetired]


def claim_facts(record: Record, claim: Claim, known: Known, on: date, policy: Policy) -> ClaimFacts:
    """The facts of a claim as a declaration on that day would rest on them."""
    opened = claim.opened
    inventory = known.inventories[opened.inventory_id]
    commitment = record.commitment_for(opened.period)
    plan = record.plan()
    opinions = record.opinions_on(opened.inventory_sha256)
    earlier = _earlier(record, claim, known)
    return ClaimFacts(
        subject=Subject(
            known.factory.registered.code,
            known.factory.registered.state,
            opened.boundary,
            tuple(sorted({line.scope for line in inventory.closed.lines if line.scope != "outside"})),
        ),
        period=_period(opened.period),
        declared_on=on,
        first_period=not earlier,
        inventory=_inventory(inventory, known.factory),
        commitment=Commitment(_period(commitment.period), commitment.made_on, commitment.statement_en)
        if commitment
        else None,
        plan=_plan(plan) if plan else None,
        opinion=_opinion(opinions[-1], inventory) if opinions else None,
        credits=tuple(_credits(claim, one) for one in known.retired),
        earlier=earlier,
        policy=policy,
    )


def _period(period: ContractPeriod) -> Period:
    return Period(period.start, period.end)


def _emissions(inventory: KnownInventory) -> Emissions:
    totals = inventory.closed.totals
    return Emissions(totals.total_location, totals.total_market)


def _inventory(inventory: KnownInventory, factory: KnownFactory) -> Inventory:
    closed = inventory.closed
    return Inventory(
        sha256=closed.inventory_sha256,
        version=closed.version,
        closed_on=factory.local_date(closed.closed_at),
        profile=closed.profile,
        gwp_set=closed.gwp_set,
        emissions=_emissions(inventory),
        sources=tuple(_sources(inventory)),
        left_out=tuple(_left_out(inventory, factory)),
    )


def _sources(inventory: KnownInventory) -> Iterator[SourceSize]:
    weights: dict[tuple[str, str], tuple[list[Decimal], list[Decimal]]] = {}
    for line in inventory.closed.lines:
        if line.scope == "outside":
            continue
        location, market = weights.setdefault((line.source, line.scope), ([], []))
        if line.basis != "market":
            location.append(line.co2e_kg)
        if line.basis != "location":
            market.append(line.co2e_kg)
    for (source, scope), (location, market) in sorted(weights.items()):
        yield SourceSize(source, scope, Emissions(total(location), total(market)))


def _left_out(inventory: KnownInventory, factory: KnownFactory) -> Iterator[LeftOut]:
    for exclusion in inventory.closed.exclusions:
        yield LeftOut(exclusion.source, factory.scope_of(exclusion.source), exclusion.estimate_kg)
    for screened in inventory.closed.screening:
        if screened.state == "not-calculated":
            yield LeftOut(f"scope 3 category {screened.category}", "3", screened.estimate_kg)


def _plan(plan: PlanApproved) -> Plan:
    return Plan(
        neutrality_period=_period(plan.neutrality_period),
        baseline_date=plan.baseline_date,
        first_qualification_date=plan.first_qualification_date,
        commitment_end=plan.commitment_end,
        commitment_statement=plan.commitment_statement,
        targets=tuple(
            Target(one.scope, one.reduction_percent, one.by, one.exclusion_reason) for one in plan.targets
        ),
        measures=tuple(
            Measure(one.code, one.scope, one.planned_kg, one.achieved_kg, one.done_on)
            for one in plan.measures
        ),
        offset_strategy=plan.offset_strategy,
        residual_pathway=plan.residual_pathway,
        approved_on=plan.approved_on,
    )


def _opinion(opinion: OpinionSigned, inventory: KnownInventory) -> Opinion:
    insiders = (inventory.closed.preparer_id, inventory.closed.reviewer_id)
    return Opinion(
        kind=opinion.opinion,
        inventory_sha256=opinion.inventory_sha256,
        body=opinion.body,
        signed_on=opinion.signed_on,
        accreditation_valid_to=opinion.accreditation_valid_to,
        criteria=opinion.criteria,
        level=opinion.level,
        materiality_percent=opinion.materiality_percent,
        misstatement_kg=opinion.misstatement_kg,
        verified=Emissions(opinion.verified_total_location_kg, opinion.verified_total_market_kg),
        independent=opinion.verifier_id is not None and opinion.verifier_id not in insiders,
    )


def _credits(claim: Claim, retired: UnitsRetired) -> Credits:
    """A retirement of the claim. Whether its project stands outside is what the request confirmed."""
    confirmed = any(
        request.outside_boundary
        for request in claim.requests
        if request.correlation_id == retired.correlation_id
    )
    return Credits(
        scheme=retired.scheme,
        registry=retired.registry,
        serial=retired.serial,
        block=retired.block_id,
        low=retired.low,
        high=retired.high,
        unit=retired.unit,
        project=retired.project.code,
        country=retired.project.country,
        location=retired.project.location,
        outside_boundary=confirmed,
        vintage_start=retired.vintage_start,
        vintage_end=retired.vintage_end,
        issued_on=retired.issued_on,
        retired_on=retired.retired_on,
        for_factory=retired.beneficiary_factory_id == claim.opened.factory_id,
        purpose=retired.purpose,
        period=_period(retired.period),
        registry_reference=retired.registry_reference,
        kind=retired.project.kind,
    )


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
        inventory = known.inventories[opened.inventory_id]
        periods.append(
            EarlierPeriod(
                period=_period(opened.period),
                emissions=_emissions(inventory),
                profile=inventory.closed.profile,
                gwp_set=inventory.closed.gwp_set,
                boundary=opened.boundary,
            )
        )
    return tuple(periods)
