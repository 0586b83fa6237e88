"""Accounting in a test, asked over HTTP by people with keys of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.identity.keys import key_digest
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.reference import ApiKeyIssued, Role

CLOSED_AT = datetime(2025, 6, 20, 8, tzinfo=UTC)
ORGANISATION = f"/accounting/v1/organisations/{plant.ORGANISATION}"
FACTORY = f"{ORGANISATION}/factories/{plant.FACTORY}"
BOUNDARIES = {
    "period": {"start": "2024-01-01", "end": "2024-02-01"},
    "consolidation": "operational-control",
    "scopes": ["1", "2", "3"],
    "operational_boundary": "All sources of the plant.",
}
ANSWERS: list[dict[str, Any]] = [
    {"category": 1, "state": "calculated"},
    *({"category": n, "state": "not-relevant", "reason": "There is none."} for n in range(2, 16)),
]
OWN_FACTORS = [
    {
        "factor": "steam-of-the-park",
        "substance": "steam",
        "purpose": "heat",
        "value": "0.0986",
        "unit": "tCO2/GJ",
        "gas": "CO2",
    },
    {
        "factor": "wafer-supplier",
        "substance": "wafer",
        "purpose": "scope3",
        "value": "0.31",
        "unit": "kgCO2e/piece",
        "gas": "CO2e",
    },
]


@dataclass
class Office:
    """A stage with three people who have keys."""

    stage: Stage
    preparer: httpx.AsyncClient
    reviewer: httpx.AsyncClient
    stranger: httpx.AsyncClient

    async def opened(self) -> str:
        """A screened period; gives its inventory's id."""
        inventory = await self.begun(BOUNDARIES)
        await self.screened(inventory, ANSWERS)
        return inventory

    async def begun(self, boundaries: Mapping[str, Any]) -> str:
        """A period that was opened and not yet screened."""
        answer = await self.preparer.post(f"{FACTORY}/inventories", json=boundaries)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["inventory_id"])

    async def screened(self, inventory: str, answers: Sequence[Mapping[str, Any]]) -> None:
        """Answers scope 3 categories."""
        screened = await self.preparer.post(
            f"{FACTORY}/inventories/{inventory}/screening", json={"categories": list(answers)}
        )
        assert screened.status_code == 200, screened.text

    async def factors(self) -> None:
        """Puts the plant's own factors forward and has them approved."""
        for factor in OWN_FACTORS:
            form = {
                **factor,
                "valid_from": "2024-01-01",
                "published": "2025-02-10",
                "source": "Supplier's statement",
                "evidence_sha256": "0" * 64,
                "synthetic": True,
            }
            answer = await self.preparer.post(f"{ORGANISATION}/factors", json=form)
            assert answer.status_code == 201, answer.text
            approval = f"{ORGANISATION}/factors/{factor['factor']}/versions/1/approval"
            assert (await self.preparer.post(approval)).status_code == 403
            assert (await self.reviewer.post(approval)).status_code == 200

    async def close(self, inventory: str, **params: Any) -> httpx.Response:
        """The reviewer closes."""
        return await self.reviewer.post(f"{FACTORY}/inventories/{inventory}/close", params=params)


def key(name: str, *roles: Role, organisation: str = plant.ORGANISATION) -> ApiKeyIssued:
    return ApiKeyIssued(
        organisation_id=organisation,
        api_key_id=natural_id("key", name),
        principal_id=natural_id("principal", name),
        roles=list(roles),
        key_sha256=key_digest(f"zc_{name}"),
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )


async def furnish(stage: Stage, facts: Sequence[Event]) -> Office:
    keys: list[Event] = [
        key("preparer", "preparer"),
        key("reviewer", "reviewer"),
        key("stranger", "admin", organisation=natural_id("organisation", "other")),
    ]
    await stage.publish([*plant.registrations(), *keys], plant.RECORDED)
    await stage.publish(facts, plant.RECORDED)
    await stage.consume()
    await stage.service.set_business_clock(CLOSED_AT)
    return Office(
        stage, *(stage.service.with_key(f"zc_{name}") for name in ("preparer", "reviewer", "stranger"))
    )


def rules(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 422, answer.text
    return {error["rule"] for error in answer.json()["errors"]}
