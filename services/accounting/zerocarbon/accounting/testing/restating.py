"""What a test does around a restatement: facts arrive late, versions are restated, closed and compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import CLOSED_AT, FACTORY, ORGANISATION, OWN_FACTORS, Office
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import ActivityRecorded
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import UnitsWithdrawn
from zerocarbon.contracts.reference import SourceRegistered

BACKUP = natural_id("source", plant.FACTORY, "backup")


def invoice(source: str, name: str, quantity: str, unit: str) -> ActivityRecorded:
    """Activity of the month that was recorded on the very day of the close."""
    return ActivityRecorded(
        factory_id=plant.FACTORY,
        source_id=source,
        recorded_at=CLOSED_AT,
        record=name,
        start=plant.MIDNIGHT,
        end=plant.MIDNIGHT + timedelta(days=31),
        quantity=Decimal(quantity),
        unit=unit,
    )


def late_gas(quantity: str = "10", name: str = "gas-late") -> ActivityRecorded:
    """A gas invoice in cubic metres."""
    return invoice(plant.source_id("gas"), name, quantity, "Nm3")


def backup() -> SourceRegistered:
    """An emergency generator that nobody knew of at the close."""
    known = next(one for one in plant.registrations() if isinstance(one, SourceRegistered))
    changes = {"source_id": BACKUP, "code": "backup", "kind": "stationary-fuel", "substance": "diesel"}
    return known.model_copy(update={**changes, "unit": "t", "attributes": {}})


def certificates_fell() -> UnitsWithdrawn:
    """Some of the month's certificates, and so their whole retirement."""
    return UnitsWithdrawn(
        block_id=plant.retirement(100).block_id,
        organisation_id=plant.ORGANISATION,
        low=10,
        high=20,
        reason="issued twice",
    )


async def arrive(office: Office, *facts: Event) -> None:
    """Publishes facts an hour after the close, and lets them be read."""
    await office.stage.publish(facts, CLOSED_AT + timedelta(hours=1))
    await office.stage.consume()


async def another_wafer_factor(office: Office, published: str) -> None:
    """The supplier's second factor: 0.30 instead of 0.31 kilograms a piece."""
    form = {
        **OWN_FACTORS[1],
        "value": "0.3",
        "valid_from": "2024-01-01",
        "published": published,
        "source": "Supplier's corrected statement",
        "evidence_sha256": "0" * 64,
    }
    assert (await office.preparer.post(f"{ORGANISATION}/factors", json=form)).status_code == 201
    approval = f"{ORGANISATION}/factors/wafer-supplier/versions/2/approval"
    assert (await office.reviewer.post(approval)).status_code == 200


async def first_closed(office: Office) -> dict[str, Any]:
    """The first version of the month, as it was frozen."""
    await office.factors()
    return await closed(office, await office.opened())


async def closed(office: Office, inventory: str) -> dict[str, Any]:
    """A version as it was frozen."""
    answer = await office.close(inventory)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def restate(office: Office, inventory: str, **form: str) -> httpx.Response:
    """Asks for a new version."""
    asked = {"kind": "late-data", "reason": "an invoice came late", **form}
    return await office.preparer.post(f"{FACTORY}/inventories/{inventory}/restatements", json=asked)


async def restated(office: Office, inventory: str, **form: str) -> str:
    """A new version at work; gives its id."""
    answer = await restate(office, inventory, **form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["inventory_id"])


async def compared(office: Office, after: str, before: str) -> dict[str, Any]:
    """What changed from one version to another."""
    answer = await office.preparer.get(f"{FACTORY}/inventories/{after}/comparison", params={"with": before})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def figures(totals: Mapping[str, str]) -> dict[str, Decimal]:
    """Published totals as numbers."""
    return {name: Decimal(value) for name, value in totals.items()}
