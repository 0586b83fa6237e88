"""The events that led to the closed month of the made-up factory of `zerocarbon.proof.testing`.

That inventory can be recomputed to the last digit, so that bundles made of it verify.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import (
    ActivityCorrected,
    ActivityEvent,
    ActivityRecorded,
    ReadingsCorrected,
    ReadingsRecorded,
)
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.inventory import FactorApproved, InventoryClosed
from zerocarbon.contracts.reference import (
    FactoryRegistered,
    GrantIssued,
    GrantRevoked,
    MeterRegistered,
    OrganisationRegistered,
    SourceRegistered,
)
from zerocarbon.proof.bundle import Contents
from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock
from zerocarbon.proof.testing import published
from zerocarbon.proof.testing.bundles import RECORDED, declared_contents

ORGANISATION, FACTORY, INVENTORY = published.ORGANISATION, published.FACTORY, published.INVENTORY
PREPARER, REVIEWER, VERIFIER = published.PREPARER, published.REVIEWER, published.VERIFIER
VERIFIERS = natural_id("organisation of the verifier")
MONTH = published.MONTH
COMMITTED = {"start": "2024-07-01", "end": "2025-08-01"}
BEFORE_CLOSE = datetime(2024, 7, 2, tzinfo=UTC)
CLOSED_AT = datetime(2025, 5, 20, 2, tzinfo=UTC)
CREDITS_FOR_MARKET, CREDITS_FOR_LOCATION = 109, 116


@lru_cache(maxsize=1)
def contents() -> Contents:
    """The month as the bundle of a neutral claim would hold it."""
    return declared_contents()


def reference(month: Contents) -> list[Event]:
    """Organisation, factory, sources and meters."""
    return [
        OrganisationRegistered(
            organisation_id=ORGANISATION, code="example", name_en="Example Photovoltaics", name_zh="示例光伏"
        ),
        FactoryRegistered.model_validate(month.factory),
        *(
            SourceRegistered.model_validate(
                {
                    **source.to_json(),
                    "factory_id": FACTORY,
                    "source_id": source_id(source.code),
                    "name_en": source.code,
                    "name_zh": source.code,
                }
            )
            for source in month.sources
        ),
        *(
            MeterRegistered(
                factory_id=FACTORY,
                meter_id=meter_id(meter.code),
                source_id=source_id(meter.source),
                code=meter.code,
                unit=meter.unit,
                interval_seconds=meter.interval_seconds,
            )
            for meter in month.meters
        ),
    ]


def activity(month: Contents) -> list[Event]:
    """Readings and records, first revisions before corrections."""
    sources = {meter.code: meter.source for meter in month.meters}
    readings = (_reading(block, sources[block.meter]) for block in month.readings)
    return [*readings, *(_record(record) for record in month.records)]


def instruments(month: Contents) -> list[Event]:
    """The supplier's factor and the certificates retired before the close."""
    return [
        *(FactorApproved.model_validate(factor) for factor in month.organisation_factors),
        *(UnitsRetired.model_validate(units) for units in month.energy_retirements),
    ]


def closed(month: Contents, position: str, **changes: Any) -> InventoryClosed:
    """The closed inventory; `position` is how far activity had been read."""
    pins = [{"topic": "zerocarbon.activity.v1", "position": position}]
    return InventoryClosed.model_validate({**month.inventory, "pins": pins, **changes})


def restated(month: Contents, position: str) -> InventoryClosed:
    """A second version with other bytes."""
    return closed(
        month,
        position,
        inventory_id=natural_id("second version"),
        version=2,
        supersedes=INVENTORY,
        restatement_reason="late diesel invoice",
        inventory_sha256="ab" * 32,
    )


def grant(**changes: Any) -> GrantIssued:
    """Lets the verifier in, for the factory and the month."""
    facts = {
        "organisation_id": ORGANISATION,
        "grant_id": natural_id("grant"),
        "grantee_id": VERIFIER,
        "role": "verifier",
        "factory_id": FACTORY,
        "period_start": MONTH.start,
        "period_end": MONTH.end,
        "until": datetime(2099, 1, 1, tzinfo=UTC),
    }
    return GrantIssued.model_validate({**facts, **changes})


def revoked() -> GrantRevoked:
    """The verifier is no longer let in."""
    return GrantRevoked(organisation_id=ORGANISATION, grant_id=natural_id("grant"))


def retired_for(request: dict[str, Any], quantity: int, number: int = 22) -> UnitsRetired:
    """What `certificates` says once the registry confirmed a request, with the units of a numbered block."""
    units = published.retirement(number, "CCER", "tCO2e", quantity)
    return UnitsRetired.model_validate({**units, "correlation_id": request["correlation_id"]})


def source_id(code: str) -> str:
    """The id of a source."""
    return natural_id("source", code)


def meter_id(code: str) -> str:
    """The id of a meter."""
    return natural_id("meter", code)


def opinion_form(inventory: InventoryClosed, **changes: Any) -> dict[str, Any]:
    """An unmodified opinion on an inventory, as a request body."""
    totals = inventory.model_dump(mode="json")["totals"]
    given = published.opinion()
    kept = (
        "body accreditation accreditation_valid_to criteria level materiality_percent misstatement_kg"
        " opinion signed_on"
    )
    return {
        **{name: given[name] for name in kept.split()},
        "inventory_id": inventory.inventory_id,
        "inventory_sha256": inventory.inventory_sha256,
        "accreditation_sector": "electronics",
        "scope": "scopes 1 to 3 within the factory's boundary",
        "verified_total_location_kg": totals["total_location"],
        "verified_total_market_kg": totals["total_market"],
        "signatory": {"name": "Li Example", "title": "lead verifier", "published": True},
        "independence": "no consulting in three years",
        **changes,
    }


def plan_form(approver: str) -> dict[str, Any]:
    """A complete plan, as a request body."""
    given = published.plan()
    left_out = ("organisation_id", "factory_id", "plan_id", "approved_on")
    form = {name: value for name, value in given.items() if name not in left_out}
    measure = {
        name: given["measures"][0][name] for name in ("code", "name_en", "name_zh", "scope", "planned_kg")
    }
    return {**form, "approver_id": approver, "measures": [measure], "commitment_end": COMMITTED["end"]}


def _reading(block: ReadingBlock, source: str) -> ActivityEvent:
    facts: dict[str, Any] = {
        "factory_id": FACTORY,
        "source_id": source_id(source),
        "recorded_at": datetime(RECORDED.year, RECORDED.month, RECORDED.day, tzinfo=UTC),
        "meter_id": meter_id(block.meter),
        "unit": block.unit,
        "start": block.start,
        "interval_seconds": block.interval_seconds,
        "values": list(block.values),
    }
    if block.previous is None:
        return ReadingsRecorded(**facts)
    return ReadingsCorrected(
        **facts,
        revision=block.revision,
        previous=list(block.previous),
        origin="manual",
        reason="meter read again",
    )


def _record(record: ActivityRecord) -> ActivityEvent:
    facts: dict[str, Any] = {
        "factory_id": FACTORY,
        "source_id": source_id(record.source),
        "recorded_at": datetime(RECORDED.year, RECORDED.month, RECORDED.day, tzinfo=UTC),
        "record": record.record,
        "start": record.start,
        "end": record.end,
        "quantity": record.quantity,
        "unit": record.unit,
    }
    if record.previous is None:
        return ActivityRecorded(**facts)
    return ActivityCorrected(
        **facts, revision=record.revision, previous=record.previous, origin="manual", reason="invoice"
    )
