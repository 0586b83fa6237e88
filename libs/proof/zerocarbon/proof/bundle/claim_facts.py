"""The facts of a claim, from the published events that a bundle holds.

The declaration service judges by the same function before it issues, so that what a stranger recomputes is
what was decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.bundle.recomputing import period_of
from zerocarbon.proof.facts import SourceKind
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.gates.claim import (
    ClaimFacts,
    Commitment,
    Credits,
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

_SCOPE_2: frozenset[SourceKind] = frozenset(
    {"electricity-import", "electricity-generation", "electricity-export", "heat-import", "heat-export"}
)


def claim_facts(contents: Contents, declared_on: date) -> ClaimFacts:
    """The facts on the day of a declaration.

    Raises:
        MalformedField: an event lacks a field, or there is no claim.
    """
    inventory, factory = Fields(contents.inventory, "inventory"), Fields(contents.factory, "factory")
    claim = Fields(contents.claim, "claim")
    circumstances = contents.circumstances
    scopes = {line.text("scope") for line in inventory.objects("lines")} - {"outside"}
    return ClaimFacts(
        subject=Subject(
            factory.text("code"), factory.text("state"), claim.text("boundary"), tuple(sorted(scopes))
        ),
        period=period_of(contents),
        declared_on=declared_on,
        first_period=not circumstances.earlier,
        inventory=_inventory(contents, inventory, factory),
        commitment=None if contents.commitment is None else _commitment(contents),
        plan=None if contents.plan is None else _plan(Fields(contents.plan, "plan")),
        opinion=None if contents.opinion is None else _opinion(contents, inventory),
        credits=tuple(
            _credits(contents, Fields(event, f"retirements-tco2e[{at}]"))
            for at, event in enumerate(contents.credit_retirements)
        ),
        earlier=circumstances.earlier,
        extended_by_historic_reductions=circumstances.extended_by_historic_reductions,
        output=circumstances.output,
        intensity_explanation=circumstances.intensity_explanation,
        policy=Policy(circumstances.withdrawn_standards_refused),
    )


def _inventory(contents: Contents, inventory: Fields, factory: Fields) -> Inventory:
    zone = ZoneInfo(factory.text("time_zone"))
    totals = inventory.object("totals")
    return Inventory(
        sha256=inventory.text("inventory_sha256"),
        version=inventory.whole("version"),
        closed_on=inventory.instant("closed_at").astimezone(zone).date(),
        profile=inventory.text("profile"),
        gwp_set=inventory.text("gwp_set"),
        emissions=Emissions(totals.exact("total_location"), totals.exact("total_market")),
        sources=tuple(_source_sizes(inventory)),
        left_out=tuple(_left_out(contents, inventory)),
    )


def _source_sizes(inventory: Fields) -> Iterator[SourceSize]:
    weights: dict[tuple[str, str], tuple[list[Decimal], list[Decimal]]] = {}
    for line in inventory.objects("lines"):
        if line.text("scope") == "outside":
            continue
        location, market = weights.setdefault((line.text("source"), line.text("scope")), ([], []))
        if line.text("basis") != "market":
            location.append(line.exact("co2e_kg"))
        if line.text("basis") != "location":
            market.append(line.exact("co2e_kg"))
    for (source, scope), (location, market) in sorted(weights.items()):
        yield SourceSize(source, scope, Emissions(total(location), total(market)))


def _left_out(contents: Contents, inventory: Fields) -> Iterator[LeftOut]:
    kinds = {source.code: source.kind for source in contents.sources}
    for exclusion in inventory.objects("exclusions"):
        source = exclusion.text("source")
        yield LeftOut(source, _scope_of(kinds.get(source)), exclusion.exact("estimate_kg"))
    for answer in inventory.objects("screening"):
        if answer.text("state") == "not-calculated":
            name = f"scope 3 category {answer.whole('category')}"
            yield LeftOut(name, "3", answer.optional_exact("estimate_kg"))
    for uncounted in inventory.objects("not_counted") if inventory.has("not_counted") else ():
        if uncounted.text("scope") != "outside":
            yield LeftOut(uncounted.text("source"), uncounted.text("scope"), None)


def _scope_of(kind: SourceKind | None) -> str:
    """Scope 1 where the source is unknown: nothing of scope 1 may be left out, so doubt refuses."""
    if kind == "scope3":
        return "3"
    return "2" if kind in _SCOPE_2 else "1"


def _commitment(contents: Contents) -> Commitment:
    made = Fields(contents.commitment, "commitment")
    return Commitment(
        made.object("period").made(Period.from_json), made.day("made_on"), made.text("statement_en")
    )


def _plan(plan: Fields) -> Plan:
    return Plan(
        neutrality_period=plan.object("neutrality_period").made(Period.from_json),
        baseline_date=plan.day("baseline_date"),
        first_qualification_date=plan.day("first_qualification_date"),
        commitment_end=plan.day("commitment_end"),
        commitment_statement=plan.text("commitment_statement"),
        targets=tuple(
            Target(
                target.text("scope"),
                target.optional_exact("reduction_percent"),
                target.optional_day("by"),
                target.optional_text("exclusion_reason"),
            )
            for target in plan.objects("targets")
        ),
        measures=tuple(
            Measure(
                measure.text("code"),
                measure.text("scope"),
                measure.exact("planned_kg"),
                measure.optional_exact("achieved_kg"),
                measure.optional_day("done_on"),
            )
            for measure in plan.objects("measures")
        ),
        offset_strategy=plan.text("offset_strategy"),
        residual_pathway=plan.text("residual_pathway"),
        approved_on=plan.day("approved_on"),
    )


def _opinion(contents: Contents, inventory: Fields) -> Opinion:
    opinion = Fields(contents.opinion, "opinion")
    insiders = (inventory.text("preparer_id"), inventory.text("reviewer_id"))
    verifier = opinion.optional_text("verifier_id")
    return Opinion(
        kind=opinion.text("opinion"),
        inventory_sha256=opinion.text("inventory_sha256"),
        body=opinion.text("body"),
        signed_on=opinion.day("signed_on"),
        accreditation_valid_to=opinion.day("accreditation_valid_to"),
        criteria=opinion.text("criteria"),
        level=opinion.text("level"),
        materiality_percent=opinion.exact("materiality_percent"),
        misstatement_kg=opinion.exact("misstatement_kg"),
        verified=Emissions(
            opinion.exact("verified_total_location_kg"), opinion.exact("verified_total_market_kg")
        ),
        independent=verifier is not None and verifier not in insiders,
    )


def _credits(contents: Contents, retired: Fields) -> Credits:
    project = retired.object("project")
    factory_id = Fields(contents.factory, "factory").text("factory_id")
    return Credits(
        scheme=retired.text("scheme"),
        registry=retired.text("registry"),
        serial=retired.text("serial"),
        block=retired.text("block_id"),
        low=retired.whole("low"),
        high=retired.whole("high"),
        unit=retired.text("unit"),
        project=project.text("code"),
        country=project.text("country"),
        location=project.text("location"),
        outside_boundary=_confirmed_outside(contents, retired.text("correlation_id"))
        and project.optional_text("site_factory_id") != factory_id,
        vintage_start=retired.day("vintage_start"),
        vintage_end=retired.day("vintage_end"),
        issued_on=retired.day("issued_on"),
        retired_on=retired.day("retired_on"),
        for_factory=retired.text("beneficiary_factory_id") == factory_id,
        purpose=retired.text("purpose"),
        period=retired.object("period").made(Period.from_json),
        registry_reference=retired.text("registry_reference"),
        kind=project.optional_text("kind"),
    )


def _confirmed_outside(contents: Contents, correlation_id: str) -> bool:
    """Whether the request that led to a retirement confirmed its projects to stand outside (DC23)."""
    requests = (Fields(event, f"retirement-requests[{at}]") for at, event in enumerate(contents.requests))
    return any(
        request.text("correlation_id") == correlation_id and request.data.get("outside_boundary") is True
        for request in requests
    )
