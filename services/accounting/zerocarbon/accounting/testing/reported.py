"""A closed version with something to say in every section of its report; all figures are made up.

Quantified by the product, closed by hand: two months of a fictional plant, restated once, with an excluded
source, a gas of the Montreal Protocol, certificates of which one block was withdrawn later, and estimates.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from zerocarbon.accounting.report.facts import Amount, PastVersion, Purchase, ReportFacts
from zerocarbon.accounting.store.reported import Names, ReportedRetirement
from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts import inventory as contracts
from zerocarbon.contracts.inventory import AttributedPart, Attribution, InventoryClosed, InventoryOpened
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.facts import Factory, Retirement, Source
from zerocarbon.proof.inventory import Totals, lines_digest, totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.not_counted import not_counted
from zerocarbon.proof.period import Period
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.quantify import InventoryInputs, quantify

FACTORY = Factory("module-plant", "Asia/Shanghai", "CN", "CN-JS")
PERIOD = Period(date(2024, 1, 1), date(2024, 3, 1))
KNOWN_ON = date(2025, 6, 20)
CLOSED_AT = datetime(2025, 6, 20, 8, 30, tzinfo=UTC)
READINGS_ROOT = "5a" * 32

ROOF = {"roof_owner": "us", "attributes_sold": "no"}
SOURCES = (
    Source("grid", "electricity-import", "electricity", "kWh"),
    Source("roof", "electricity-generation", "electricity", "kWh", None, ROOF),
    Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
    Source("forklifts", "mobile-fuel", "diesel", "t"),
    Source("chiller", "refrigerant", "r404a", "kg"),
    Source("old-split-unit", "refrigerant", "r22", "kg"),
    Source("steam", "heat-import", "steam", "GJ"),
    Source("glass", "scope3", "glass", "t", 1),
)
QUANTITIES = {
    "grid": Decimal("1234567.891"),
    "roof": Decimal("45678.25"),
    "boiler": Decimal("12000.5"),
    "forklifts": Decimal("1.234"),
    "chiller": Decimal("2.5"),
    "old-split-unit": Decimal("0.75"),
    "steam": Decimal("840"),
    "glass": Decimal("321.7"),
}
OWN_FACTORS: tuple[dict[str, str], ...] = (
    {"factor": "park-steam", "substance": "steam", "purpose": "heat", "value": "0.0986", "unit": "tCO2/GJ"},
    {
        "factor": "glass-maker",
        "substance": "glass",
        "purpose": "scope3",
        "value": "1.0235",
        "unit": "tCO2e/t",
    },
)
SCREENING: dict[int, dict[str, Any]] = {
    1: {"state": "calculated"},
    5: {"state": "not-calculated", "reason": "Little waste.", "estimate_kg": "1234.5"},
}
NAMES = Names(
    organisation=Bilingual("晴川光伏", "Qingchuan Photovoltaics"),
    factory=Bilingual("组件工厂", "Module plant"),
    sources={source.code: Bilingual(f"源{source.code}", f"Source {source.code}") for source in SOURCES},
)


def specimen(profile_code: str = "ghg-protocol", **closed: Any) -> ReportFacts:
    """The facts of the report; `closed` replaces fields of the closed version."""
    inputs = _inputs(profile_code)
    lines = quantify(inputs)
    version = _closed(inputs, lines, closed)
    return ReportFacts(
        closed=version,
        opened=_opened(version),
        lines=lines,
        names=NAMES,
        time_zone=FACTORY.time_zone,
        country=FACTORY.country,
        grid_region=FACTORY.grid_region,
        history=_history(version),
        superseded_by=None,
        retirements=_retirements(inputs),
        purchase=_purchase(),
    )


def identity(name: str) -> str:
    """An id of the specimen."""
    return natural_id("specimen", name)


def _inputs(profile_code: str) -> InventoryInputs:
    method = profile(profile_code)
    return InventoryInputs(
        factory=FACTORY,
        period=PERIOD,
        knowledge_date=KNOWN_ON,
        sources=SOURCES,
        quantities=QUANTITIES,
        retirements=(_retirement(0, 120), _retirement(120, 150)) if method.instruments_act else (),
        organisation_factors=tuple(approved_factor(_approval(form)) for form in OWN_FACTORS),
        profile=profile_code,
    )


def _approval(form: dict[str, str]) -> dict[str, Any]:
    return {
        **form,
        "version": 1,
        "gas": "CO2" if form["purpose"] == "heat" else "CO2e",
        "published": "2025-02-10",
        "source": "Supplier's verified statement",
        "evidence_sha256": "e" * 64,
        "valid_from": "2024-01-01",
    }


def _retirement(low: int, high: int) -> Retirement:
    return Retirement(
        scheme="GEC",
        registry="cn-gec",
        serial="GEC-2024-WIND",
        low=low,
        high=high,
        project="wind-01",
        technology="onshore-wind",
        country="CN",
        vintage_start=PERIOD.start,
        vintage_end=PERIOD.end,
        retired_on=date(2025, 3, 1),
        registry_reference=f"statement-{high}",
    )


def _retirements(inputs: InventoryInputs) -> tuple[ReportedRetirement, ...]:
    return tuple(ReportedRetirement(one, "Wind farm", one.low > 0) for one in inputs.retirements)


def _closed(
    inputs: InventoryInputs, lines: tuple[InventoryLine, ...], changes: dict[str, Any]
) -> InventoryClosed:
    screened = profile(inputs.profile).screens_scope3
    fields = {
        **{name: identity(name) for name in ("inventory_id", "organisation_id", "factory_id")},
        **{name: identity(name) for name in ("preparer_id", "reviewer_id", "supersedes")},
        "factory": FACTORY.code,
        "period": PERIOD.to_json(),
        "profile": inputs.profile,
        "version": 2,
        "restatement_reason": "late-data: an invoice came late",
        "consolidation": inputs.consolidation,
        "knowledge_date": KNOWN_ON.isoformat(),
        "closed_at": CLOSED_AT.isoformat(),
        "gwp_set": lines[0].gwp_set,
        "lines": [line.to_json() for line in lines],
        "totals": totals(lines).to_json(),
        "screening": [_screened(number) for number in range(1, 16)] if screened else [],
        "exclusions": [
            {
                "source": "lawn-mower",
                "reason": "Two litres of petrol a year.",
                "estimate_kg": "5.25",
                "approver_id": identity("approver"),
            }
        ],
        "coverage": [
            {"meter": "m-1", "source": "grid", "interval_seconds": 900, "expected": 5760, "read": 5760},
            {"meter": "m-2", "source": "roof", "interval_seconds": 900, "expected": 5760, "read": 5759},
        ],
        "not_counted": [one.to_json() for one in not_counted(inputs)],
        "readings_root": READINGS_ROOT,
        "readings_count": 11527,
        "retirements": [],
        "lines_sha256": lines_digest(lines),
        "inventory_sha256": "0" * 64,
        "attribution": _attribution(totals(lines)).model_dump(mode="json"),
        "pins": [{"topic": "zerocarbon.activity.v1", "position": "1/7/42"}],
        **changes,
    }
    version = InventoryClosed.model_validate(fields)
    return version.model_copy(update={"inventory_sha256": inventory_sha256(version.model_dump(mode="json"))})


def _attribution(now: Totals) -> Attribution:
    """A late invoice and a certificate more: 100 kg more, then 10 kg less market-based."""
    parts: tuple[tuple[str, dict[str, int], str, int], ...] = (
        (
            "late-data",
            {"scope1": 100, "total_location": 100, "total_market": 100},
            "module-plant/boiler/both",
            100,
        ),
        ("certificates", {"scope2_market": -10, "total_market": -10}, "module-plant/grid/market/rest", -10),
    )
    difference = {"scope1": 100, "scope2_market": -10, "total_location": 100, "total_market": 90}
    before = {name: Decimal(str(value)) - difference.get(name, 0) for name, value in now.to_json().items()}
    return Attribution(
        before=contracts.Totals.model_validate(before),
        difference=_totals(difference),
        parts=[
            AttributedPart.model_validate(
                {
                    "cause": cause,
                    "difference": _totals(moved),
                    "lines": [{"line": line, "co2e_kg": Decimal(kilograms)}],
                    "facts": 1 if cause == "late-data" else None,
                    "note": "a meter was read late" if cause == "late-data" else None,
                }
            )
            for cause, moved, line, kilograms in parts
        ],
    )


def _totals(moved: dict[str, int]) -> contracts.Totals:
    names = contracts.Totals.model_fields
    return contracts.Totals.model_validate({name: Decimal(moved.get(name, 0)) for name in names})


def _screened(category: int) -> dict[str, Any]:
    otherwise = {"state": "not-relevant", "reason": "There is none."}
    return {"category": category, **SCREENING.get(category, otherwise)}


def _opened(version: InventoryClosed) -> InventoryOpened:
    return InventoryOpened(
        inventory_id=identity("first"),
        organisation_id=version.organisation_id,
        factory_id=version.factory_id,
        period=version.period,
        profile=version.profile,
        consolidation="operational-control",
        scopes=list(profile(version.profile).scopes),  # type: ignore[arg-type] # an inventory never opens outside
        operational_boundary="All sources of the plant.",
        preparer_id=version.preparer_id,
    )


def _history(version: InventoryClosed) -> tuple[PastVersion, ...]:
    now = PastVersion(
        version=version.version,
        closed_on=version.closed_at.date(),
        reason=version.restatement_reason,
        total=Amount(version.totals.total_location, version.totals.total_market),
        inventory_sha256=version.inventory_sha256,
    )
    assert version.attribution is not None, "the specimen is a restatement"
    before = version.attribution.before
    first = Amount(before.total_location, before.total_market)
    return (
        replace(
            now, version=1, closed_on=date(2025, 5, 2), reason=None, total=first, inventory_sha256="1" * 64
        ),
        now,
    )


def _purchase() -> Purchase:
    hours = []
    for number in range((PERIOD.end - PERIOD.start).days):
        day = date.fromordinal(PERIOD.start.toordinal() + number)
        hours += [(day, hour, Decimal(number * 24 + hour) / 1000) for hour in range(24) if hour != 3]
    months = ((date(2024, 1, 1), Decimal("640.123456")), (date(2024, 2, 1), Decimal("594.444435")))
    return Purchase(months=months, hours=tuple(hours), unallocated_mwh=Decimal("1.5"))
