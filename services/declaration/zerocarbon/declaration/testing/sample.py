"""A fictional module factory whose year 2024 may be declared: 150 t location-based, 100 t market-based.

All figures are invented; each builder takes changes, so that a test names only what it is about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.base import Event, Period
from zerocarbon.contracts.certificate import Project, UnitsRetired, UnitsWithdrawn
from zerocarbon.contracts.declaration import PlannedMeasure, Target
from zerocarbon.contracts.inventory import InventoryClosed, InventoryLine, Pin, Totals
from zerocarbon.contracts.reference import FactoryRegistered, SourceRegistered
from zerocarbon.declaration.domain import record
from zerocarbon.declaration.domain.claim import OpenClaim
from zerocarbon.declaration.domain.commitment import MakeCommitment
from zerocarbon.declaration.domain.factory import KnownFactory
from zerocarbon.declaration.domain.opinion import SignOpinion, Verifier
from zerocarbon.declaration.domain.plan import ApprovePlan
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.retirement import RequestRetirement
from zerocarbon.declaration.domain.subject import Subject

ORGANISATION = natural_id("sample", "organisation")
FACTORY = natural_id("sample", "factory")
INVENTORY = natural_id("sample", "inventory", "1")
PREPARER = natural_id("sample", "preparer")
REVIEWER = natural_id("sample", "reviewer")
VERIFIER = natural_id("sample", "verifier")
PERSON = natural_id("sample", "person")
OPINION = natural_id("sample", "opinion")
CLAIM = natural_id("sample", "claim")
REQUEST = natural_id("sample", "request")
BLOCK = natural_id("sample", "block")
YEAR = Period(start=date(2024, 1, 1), end=date(2025, 1, 1))
NEXT_YEAR = Period(start=date(2025, 1, 1), end=date(2026, 1, 1))
TODAY = date(2025, 6, 30)
SHA = hashlib.sha256(b"the verified inventory").hexdigest()


def subject(today: date = TODAY) -> Subject:
    """The factory on the day of the declaration."""
    return Subject(ORGANISATION, FACTORY, today)


def factory(**changes: Any) -> KnownFactory:
    """An operating factory in Jiangsu with one source of each scope."""
    facts = {
        "factory_id": FACTORY,
        "organisation_id": ORGANISATION,
        "owned_from": date(2020, 1, 1),
        "code": "yancheng",
        "name_en": "Yancheng module factory",
        "name_zh": "盐城组件工厂",
        "time_zone": "Asia/Shanghai",
        "country": "CN",
        "grid_region": "CN-JS",
        "state": "operating",
        "industry": "photovoltaic",
        "products": ["module"],
    }
    registered = FactoryRegistered.model_validate({**facts, **changes})
    return KnownFactory(
        registered,
        [
            source("gas", "stationary-fuel", "natural-gas", "m3"),
            source("grid", "electricity-import", "electricity", "kWh"),
            source("glass", "scope3", "glass", "t", scope3_category=1),
        ],
    )


def source(code: str, kind: str, substance: str, unit: str, **more: Any) -> SourceRegistered:
    """A source of the factory."""
    return SourceRegistered.model_validate(
        {
            "factory_id": FACTORY,
            "source_id": natural_id("sample", "source", code),
            "code": code,
            "name_en": code,
            "name_zh": code,
            "kind": kind,
            "substance": substance,
            "unit": unit,
            **more,
        }
    )


def line(scope: str, source: str, kilograms: str, basis: str = "both") -> InventoryLine:
    """One line; only scope, source, basis and result matter here."""
    return InventoryLine.model_validate(
        {
            "line": f"{source}-{basis}",
            "factory": "yancheng",
            "source": source,
            "scope": scope,
            "category": f"scope {scope}",
            "iso_category": scope,
            "basis": basis,
            "quantity": "1",
            "unit": "kg",
            "factors": [],
            "gwp_set": "AR6",
            "gases": [{"gas": "CO2", "mass_kg": kilograms, "gwp": "1", "co2e_kg": kilograms}],
            "co2e_kg": kilograms,
            "formula": "invented",
        }
    )


def inventory(**changes: Any) -> InventoryClosed:
    """The closed inventory of 2024, version 1."""
    facts = {
        "inventory_id": INVENTORY,
        "organisation_id": ORGANISATION,
        "factory_id": FACTORY,
        "factory": "yancheng",
        "period": YEAR,
        "profile": "GHG Protocol",
        "version": 1,
        "consolidation": "operational-control",
        "knowledge_date": date(2025, 6, 10),
        "closed_at": datetime(2025, 6, 10, 8, tzinfo=UTC),
        "preparer_id": PREPARER,
        "reviewer_id": REVIEWER,
        "gwp_set": "AR6",
        "lines": [
            line("1", "gas", "60000"),
            line("2", "grid", "80000", "location"),
            line("2", "grid", "30000", "market"),
            line("3", "glass", "10000"),
        ],
        "totals": totals(),
        "screening": [{"category": 1, "state": "calculated"}],
        "exclusions": [],
        "coverage": [],
        "readings_root": hashlib.sha256(b"readings").hexdigest(),
        "readings_count": 0,
        "retirements": [],
        "lines_sha256": hashlib.sha256(b"lines").hexdigest(),
        "inventory_sha256": SHA,
        "pins": [Pin(topic="zerocarbon.activity.v1", position="0/0")],
    }
    return InventoryClosed.model_validate({**facts, **changes})


def totals(market: str = "100000", location: str = "150000") -> Totals:
    """Totals of which only the two sums matter."""
    return Totals(
        scope1=Decimal(60000),
        scope2_location=Decimal(80000),
        scope2_market=Decimal(30000),
        scope3=Decimal(10000),
        outside=Decimal(0),
        total_location=Decimal(location),
        total_market=Decimal(market),
    )


def restated(**changes: Any) -> InventoryClosed:
    """Version 2 of the inventory, which replaces version 1."""
    facts: dict[str, Any] = {
        "inventory_id": natural_id("sample", "inventory", "2"),
        "version": 2,
        "supersedes": INVENTORY,
        "restatement_reason": "late gas invoice",
        "inventory_sha256": hashlib.sha256(b"version 2").hexdigest(),
    }
    return inventory(**{**facts, **changes})


def make_commitment(**changes: Any) -> MakeCommitment:
    """A commitment for the year after."""
    facts: dict[str, Any] = {
        "commitment_id": natural_id("sample", "commitment"),
        "period": NEXT_YEAR,
        "statement_en": "We commit to carbon neutrality of the factory in 2025.",
        "statement_zh": "我们承诺工厂于2025年实现碳中和。",
        "signatory_id": PERSON,
    }
    return MakeCommitment(**{**facts, **changes})


def approve_plan(**changes: Any) -> ApprovePlan:
    """A plan with every part."""
    facts: dict[str, Any] = {
        "plan_id": natural_id("sample", "plan"),
        "approver_id": PERSON,
        "neutrality_period": YEAR,
        "baseline_date": YEAR.start,
        "first_qualification_date": YEAR.end,
        "commitment_end": NEXT_YEAR.end,
        "commitment_statement": "We reduce first and offset what is left.",
        "targets": (
            Target(scope="1", reduction_percent=Decimal(5), by=date(2026, 12, 31)),
            Target(scope="2", reduction_percent=Decimal(30), by=date(2027, 12, 31)),
            Target(scope="3", exclusion_reason="suppliers' data are collected first, until 2026"),
        ),
        "measures": (measure(),),
        "offset_strategy": "CCER of offshore wind outside the boundary",
        "residual_pathway": "heat pumps by 2030, then process gases only",
    }
    return ApprovePlan(**{**facts, **changes})


def measure(code: str = "heat-recovery", planned: str = "4000") -> PlannedMeasure:
    """A planned measure."""
    return PlannedMeasure(
        code=code, name_en="Heat recovery", name_zh="余热回收", scope="1", planned_kg=Decimal(planned)
    )


def sign_opinion(closed: InventoryClosed | None = None, **changes: Any) -> SignOpinion:
    """An unmodified opinion on an inventory, with its own totals."""
    closed = closed or inventory()
    facts: dict[str, Any] = {
        "opinion_id": OPINION,
        "inventory_id": closed.inventory_id,
        "inventory_sha256": closed.inventory_sha256,
        "body": "Example Verification Ltd",
        "accreditation": "CNAS V0000 (invented)",
        "accreditation_sector": "electronics",
        "accreditation_valid_to": date(2027, 12, 31),
        "criteria": "ISO 14064-3:2019; ISO 14064-1:2018",
        "scope": "scopes 1 to 3, factory boundary",
        "level": "reasonable",
        "materiality_percent": Decimal(5),
        "misstatement_kg": Decimal(100),
        "verified_total_location_kg": closed.totals.total_location,
        "verified_total_market_kg": closed.totals.total_market,
        "opinion": "unmodified",
        "signed_on": date(2025, 6, 15),
        "signatory_id": PERSON,
        "independence": "no consulting for the organisation in three years",
    }
    return SignOpinion(**{**facts, **changes})


def verifier(**changes: Any) -> Verifier:
    """A verifier from outside who was let in."""
    facts: dict[str, Any] = {"principal_id": VERIFIER, "member": False, "granted": True}
    return Verifier(**{**facts, **changes})


def open_claim(**changes: Any) -> OpenClaim:
    """The claim on the verified inventory."""
    facts = {
        "claim_id": CLAIM,
        "boundary": "factory",
        "inventory_id": INVENTORY,
        "opinion_id": OPINION,
    }
    return OpenClaim(**{**facts, **changes})


def request_retirement(quantity: int = 100, **changes: Any) -> RequestRetirement:
    """A request for credits with the promise of sole use."""
    facts: dict[str, Any] = {
        "claim_id": CLAIM,
        "correlation_id": REQUEST,
        "quantity": quantity,
        "ranges": (),
        "deadline": datetime(2025, 7, 7, tzinfo=UTC),
        "promised_by": PERSON,
        "outside_boundary": True,
    }
    return RequestRetirement(**{**facts, **changes})


def retired(quantity: int = 100, **changes: Any) -> UnitsRetired:
    """Credits retired for the claim after its verification."""
    facts: dict[str, Any] = {
        "block_id": BLOCK,
        "organisation_id": ORGANISATION,
        "retirement_id": natural_id("sample", "retirement"),
        "correlation_id": REQUEST,
        "scheme": "CCER",
        "registry": "CCER registry",
        "serial": "CCER-0-499",
        "low": 0,
        "high": quantity,
        "unit": "tCO2e",
        "beneficiary_factory_id": FACTORY,
        "purpose": "neutrality-claim",
        "period": YEAR,
        "project": Project(
            code="offshore-wind-1",
            name="Offshore wind",
            technology="wind",
            country="CN",
            location="off Guangdong",
            kind="avoidance",
        ),
        "vintage_start": date(2021, 1, 1),
        "vintage_end": date(2024, 1, 1),
        "issued_on": date(2025, 3, 10),
        "retired_on": date(2025, 6, 20),
        "registry_reference": "CCER-R-1",
    }
    return UnitsRetired.model_validate({**facts, **changes})


def withdrawn(**changes: Any) -> UnitsWithdrawn:
    """The registry takes back part of the retired credits."""
    facts = {
        "block_id": BLOCK,
        "organisation_id": ORGANISATION,
        "low": 0,
        "high": 10,
        "reason": "issued twice",
        "retirement_id": natural_id("sample", "retirement"),
    }
    return UnitsWithdrawn.model_validate({**facts, **changes})


def given(events: Iterable[Event]) -> Record:
    """The record after these events."""
    return reduce(record.evolve, events, record.initial())
