"""A small fictional factory and month, closed, verified, offset and declared, as bundle contents.

`reclosed` recomputes every figure and hash after a change, as an honest close would, and as a forger would
who stops at nothing but the signing key. Tests change one fact and see whether the verifier finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zerocarbon.proof.bundle import Contents, facts_root, used_library_factors
from zerocarbon.proof.bundle.claim_facts import claim_facts
from zerocarbon.proof.bundle.recomputing import inputs, quantities, sums
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.gates.standard import evaluate
from zerocarbon.proof.gates.standards import STANDARDS
from zerocarbon.proof.inventory import lines_digest, totals
from zerocarbon.proof.json_fields import JsonObject
from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock, evidence
from zerocarbon.proof.period import Period
from zerocarbon.proof.quantify import quantify

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))

MONTH = Period(date(2024, 6, 1), date(2024, 7, 1))
NEXT_MONTH = {"start": "2024-07-01", "end": "2024-08-01"}
ZONE = "Asia/Shanghai"
START = datetime(2024, 5, 31, 16, tzinfo=UTC)
RECORDED = date(2024, 7, 2)
DECLARED_ON = "2025-06-30"


def identity(number: int) -> str:
    """A made-up id."""
    return f"00000000-0000-4000-8000-{number:012}"


ORGANISATION, FACTORY, INVENTORY, CLAIM, OPINION = (identity(number) for number in range(1, 6))
PREPARER, REVIEWER, VERIFIER, PERSON = (identity(number) for number in range(11, 15))

SOURCES = (
    Source("grid", "electricity-import", "electricity", "kWh"),
    Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
    Source("forklift", "mobile-fuel", "diesel", "t"),
    Source("wafers", "scope3", "wafer", "piece", scope3_category=1),
)
METERS = (Meter("grid-1", "grid", "kWh", 3600), Meter("gas-1", "boiler", "Nm3", 86400))


def readings() -> tuple[ReadingBlock, ...]:
    """A month of hourly electricity in two blocks with one correction, and of daily gas."""
    hours = tuple(Decimal(1000 + (at * 37) % 463) / 10 for at in range(720))
    days = tuple(Decimal(400 + (at * 17) % 53) for at in range(30))
    half = START + timedelta(hours=360)
    corrected = START + timedelta(hours=100)
    return (
        ReadingBlock("grid-1", "kWh", START, 3600, 1, hours[:360], RECORDED),
        ReadingBlock("grid-1", "kWh", half, 3600, 1, hours[360:], RECORDED),
        ReadingBlock("grid-1", "kWh", corrected, 3600, 2, (Decimal("99.5"),), RECORDED, hours[100:101]),
        ReadingBlock("gas-1", "Nm3", START, 86400, 1, days, RECORDED),
    )


def records() -> tuple[ActivityRecord, ...]:
    """Diesel, corrected once, and wafers."""
    day = START, START + timedelta(days=1)
    return (
        ActivityRecord("forklift", "delivery-1", *day, 1, Decimal("0.42"), "t", RECORDED),
        ActivityRecord("forklift", "delivery-1", *day, 2, Decimal("0.40"), "t", RECORDED, Decimal("0.42")),
        ActivityRecord("wafers", "invoice-1", *day, 1, Decimal(20000), "piece", RECORDED),
    )


def declared_contents() -> Contents:
    """The whole chain for June 2024: statements under both standards, every gate held."""
    draft = Contents(
        factory={
            "factory_id": FACTORY,
            "organisation_id": ORGANISATION,
            "owned_from": "2020-01-01",
            "code": "jiangsu",
            "name_en": "Example plant",
            "name_zh": "示例工厂",
            "time_zone": ZONE,
            "country": "CN",
            "grid_region": "CN-JS",
            "state": "operating",
            "industry": "photovoltaic",
            "products": ["cells"],
        },
        sources=SOURCES,
        meters=METERS,
        readings=readings(),
        records=records(),
        library_factors=(),
        inventory=_opened_inventory(),
        organisation_factors=(_wafer_factor(),),
        energy_retirements=(_retirement(21, "GEC", "MWh", 10),),
        credit_retirements=(_retirement(22, "CCER", "tCO2e", 200),),
        requests=(_request(),),
        opinion=_opinion(),
        commitment=_commitment(),
        plan=_plan(),
        claim=_claim(),
    )
    return reclosed(draft)


def reclosed(contents: Contents, library: Library | None = None) -> Contents:
    """The contents with every figure, hash, binding, gate and root recomputed from their facts."""
    inventory = _closed_inventory(contents, library)
    digest = inventory["inventory_sha256"]
    stated = inventory["totals"]
    opinion = {
        **(contents.opinion or {}),
        "inventory_sha256": digest,
        "verified_total_location_kg": stated["total_location"],
        "verified_total_market_kg": stated["total_market"],
    }
    bound = replace(
        contents,
        inventory=inventory,
        library_factors=used_library_factors(inventory, library),
        opinion=opinion,
        claim={**(contents.claim or {}), "inventory_sha256": digest},
        statements=(),
    )
    return replace(bound, statements=tuple(_statements(bound, str(digest))))


def _closed_inventory(contents: Contents, library: Library | None) -> dict[str, Any]:
    consumed = quantities(contents, sums(contents))
    lines = quantify(inputs(contents, consumed), library)
    found = evidence(contents.readings, contents.records)
    inventory: dict[str, Any] = {
        **contents.inventory,
        "lines": [line.to_json() for line in lines],
        "totals": totals(lines).to_json(),
        "gwp_set": lines[0].gwp_set,
        "readings_root": found.root,
        "readings_count": found.count,
        "retirements": [event["retirement_id"] for event in contents.energy_retirements],
        "lines_sha256": lines_digest(lines),
    }
    return {**inventory, "inventory_sha256": inventory_sha256(inventory)}


def _statements(contents: Contents, digest: str) -> Sequence[JsonObject]:
    facts = claim_facts(contents, date.fromisoformat(DECLARED_ON))
    root = facts_root(contents)
    issued: list[JsonObject] = []
    for number, standard in enumerate(STANDARDS.values()):
        evaluation = evaluate(standard, facts)
        issued.append(
            {
                "organisation_id": ORGANISATION,
                "factory_id": FACTORY,
                "statement_id": identity(31 + number),
                "claim_id": CLAIM,
                "version": 1,
                "standard": standard.name,
                "scope2_basis": evaluation.basis,
                "emissions_kg": evaluation.emissions_kg,
                "emissions_tonnes_rounded_up": evaluation.emissions_tonnes_rounded_up,
                "credits_tonnes": evaluation.credits_tonnes,
                "valid": MONTH.to_json(),
                "declared_on": DECLARED_ON,
                "notices": [notice.text for notice in evaluation.notices],
                "gates": [gate.to_json() for gate in evaluation.gates],
                "retirements": [str(event["retirement_id"]) for event in contents.credit_retirements],
                "inventory_sha256": digest,
                "bundle_root": root,
            }
        )
    return issued


def _opened_inventory() -> dict[str, Any]:
    hours, days = 720, 30
    return {
        "inventory_id": INVENTORY,
        "organisation_id": ORGANISATION,
        "factory_id": FACTORY,
        "factory": "jiangsu",
        "period": MONTH.to_json(),
        "profile": "ghg-protocol",
        "version": 1,
        "consolidation": "operational-control",
        "knowledge_date": "2025-05-20",
        "closed_at": "2025-05-20T02:00:00Z",
        "preparer_id": PREPARER,
        "reviewer_id": REVIEWER,
        "lines": [],
        "screening": [
            {"category": 1, "state": "calculated"},
            {"category": 15, "state": "not-relevant", "reason": "no holdings"},
        ],
        "exclusions": [],
        "coverage": [
            {
                "meter": "gas-1",
                "source": "boiler",
                "interval_seconds": 86400,
                "expected": days,
                "read": days,
            },
            {
                "meter": "grid-1",
                "source": "grid",
                "interval_seconds": 3600,
                "expected": hours,
                "read": hours,
            },
        ],
        "pins": [{"topic": "zerocarbon.activity.v1", "position": "12"}],
    }


def _wafer_factor() -> dict[str, Any]:
    return {
        "organisation_id": ORGANISATION,
        "factor": "wafer-supplier",
        "version": 1,
        "substance": "wafer",
        "purpose": "scope3",
        "value": "1.7",
        "unit": "kgCO2e/piece",
        "gas": "CO2e",
        "valid_from": "2024-01-01",
        "published": "2024-03-01",
        "source": "supplier's footprint",
        "evidence_sha256": "ee" * 32,
        "synthetic": True,
        "submitter_id": PREPARER,
        "approver_id": REVIEWER,
    }


def _retirement(number: int, scheme: str, unit: str, units: int) -> dict[str, Any]:
    energy = unit == "MWh"
    return {
        "block_id": identity(100 + number),
        "organisation_id": ORGANISATION,
        "retirement_id": identity(number),
        "correlation_id": identity(200 + number),
        "scheme": scheme,
        "registry": "Example registry",
        "serial": f"{scheme}-EXAMPLE",
        "low": 1000,
        "high": 1000 + units,
        "unit": unit,
        "beneficiary_factory_id": FACTORY,
        "purpose": "scope2-claim" if energy else "neutrality-claim",
        "period": MONTH.to_json(),
        "project": {
            "code": "example-wind",
            "name": "Example wind farm",
            "technology": "offshore wind",
            "country": "CN",
            "location": "CN-FJ",
        },
        "vintage_start": "2024-06-01" if energy else "2021-01-01",
        "vintage_end": "2024-07-01" if energy else "2024-01-01",
        "issued_on": "2024-08-01" if energy else "2025-03-07",
        "retired_on": "2025-04-01" if energy else "2025-06-20",
        "registry_reference": f"R-{number}",
    }


def _request() -> dict[str, Any]:
    return {
        "organisation_id": ORGANISATION,
        "factory_id": FACTORY,
        "claim_id": CLAIM,
        "correlation_id": identity(222),
        "quantity": 200,
        "unit": "tCO2e",
        "ranges": [],
        "period": MONTH.to_json(),
        "deadline": "2025-06-25T00:00:00Z",
        "promised_by": PERSON,
        "outside_boundary": True,
    }


def _opinion() -> dict[str, Any]:
    return {
        "organisation_id": ORGANISATION,
        "factory_id": FACTORY,
        "opinion_id": OPINION,
        "inventory_id": INVENTORY,
        "body": "Example Verification Ltd",
        "accreditation": "EXAMPLE-001",
        "accreditation_valid_to": "2027-01-01",
        "criteria": "ISO 14064-3:2019",
        "level": "reasonable",
        "materiality_percent": "5",
        "misstatement_kg": "12",
        "opinion": "unmodified",
        "signed_on": "2025-06-10",
        "signatory_id": PERSON,
        "verifier_id": VERIFIER,
    }


def _commitment() -> dict[str, Any]:
    return {
        "organisation_id": ORGANISATION,
        "factory_id": FACTORY,
        "commitment_id": identity(41),
        "period": NEXT_MONTH,
        "statement_en": "We commit to carbon neutrality.",
        "statement_zh": "我们承诺实现碳中和。",
        "signatory_id": PERSON,
        "made_on": "2025-06-01",
    }


def _plan() -> dict[str, Any]:
    return {
        "organisation_id": ORGANISATION,
        "factory_id": FACTORY,
        "plan_id": identity(42),
        "neutrality_period": MONTH.to_json(),
        "baseline_date": "2024-06-01",
        "first_qualification_date": "2024-07-01",
        "commitment_end": "2024-08-01",
        "commitment_statement": "We keep the plant carbon neutral.",
        "targets": [
            {"scope": "1", "reduction_percent": "5", "by": "2026-01-01"},
            {"scope": "2", "reduction_percent": "20", "by": "2026-01-01"},
            {"scope": "3", "exclusion_reason": "supplier data are being collected"},
        ],
        "measures": [
            {
                "code": "heat-recovery",
                "name_en": "Heat recovery",
                "name_zh": "余热回收",
                "scope": "1",
                "planned_kg": "900",
                "achieved_kg": "1000",
                "done_on": "2024-06-10",
            }
        ],
        "offset_strategy": "CCER of offshore wind",
        "residual_pathway": "process heat remains after 2035",
        "approver_id": PERSON,
        "approved_on": "2025-06-01",
    }


def _claim() -> dict[str, Any]:
    return {
        "organisation_id": ORGANISATION,
        "factory_id": FACTORY,
        "claim_id": CLAIM,
        "period": MONTH.to_json(),
        "boundary": "cell plant",
        "inventory_id": INVENTORY,
        "opinion_id": OPINION,
        "first_period": True,
    }
