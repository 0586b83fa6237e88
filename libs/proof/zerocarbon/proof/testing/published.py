"""The published events of the fictional factory's month, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from zerocarbon.proof.period import Period

MONTH = Period(date(2024, 6, 1), date(2024, 7, 1))
NEXT_MONTH = {"start": "2024-07-01", "end": "2024-08-01"}


def identity(number: int) -> str:
    """A made-up id."""
    return f"00000000-0000-4000-8000-{number:012}"


ORGANISATION, FACTORY, INVENTORY, CLAIM, OPINION = (identity(number) for number in range(1, 6))
PREPARER, REVIEWER, VERIFIER, PERSON = (identity(number) for number in range(11, 15))


def factory() -> dict[str, Any]:
    """`factory-registered`."""
    return {
        "factory_id": FACTORY,
        "organisation_id": ORGANISATION,
        "owned_from": "2020-01-01",
        "code": "jiangsu",
        "name_en": "Example plant",
        "name_zh": "示例工厂",
        "time_zone": "Asia/Shanghai",
        "country": "CN",
        "grid_region": "CN-JS",
        "state": "operating",
        "industry": "photovoltaic",
        "products": ["cells"],
    }


def opened_inventory() -> dict[str, Any]:
    """`inventory-closed` before its figures are computed."""
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


def wafer_factor() -> dict[str, Any]:
    """`factor-approved`: a supplier's figure."""
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


def retirement(number: int, scheme: str, unit: str, units: int) -> dict[str, Any]:
    """`units-retired`: MWh under scope 2, or tonnes for the claim."""
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


def request() -> dict[str, Any]:
    """`retirement-requested`, which confirms that the project stands outside."""
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


def opinion() -> dict[str, Any]:
    """`opinion-signed`, not yet bound to an inventory."""
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


def commitment() -> dict[str, Any]:
    """`commitment-made` for the month that follows."""
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


def plan() -> dict[str, Any]:
    """`plan-approved` with one measure done."""
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


def claim() -> dict[str, Any]:
    """`claim-opened`, not yet bound to an inventory."""
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
