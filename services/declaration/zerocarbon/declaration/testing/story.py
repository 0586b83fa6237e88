"""A running service whose factory walks the way to a declaration, step by step, through REST."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from zerocarbon.common.composition import ConsumerSpec
from zerocarbon.common.consumer.processor import Rejected
from zerocarbon.common.identity.keys import key_digest
from zerocarbon.common.ids import natural_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.service import RunningService, running
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.contracts.reference import ApiKeyIssued
from zerocarbon.declaration.definition import definition
from zerocarbon.declaration.testing import month
from zerocarbon.declaration.testing.outside import Outside

FACTORY = f"/declaration/v1/organisations/{month.ORGANISATION}/factories/{month.FACTORY}"
PERSONS = f"/declaration/v1/organisations/{month.ORGANISATION}/persons"
TODAY = datetime(2025, 6, 30, 4, tzinfo=UTC)


class Story:
    """The service, the other services, and a client for each role."""

    def __init__(self, service: RunningService, outside: Outside) -> None:
        self.service = service
        self.outside = outside
        self.contents = month.contents()
        self.position = ""
        self._specs: Sequence[ConsumerSpec] = definition.consumers(service.context, outside.bus)
        self.preparer = service.with_key("zc_preparer")
        self.reviewer = service.with_key("zc_reviewer")
        self.verifier = service.with_key("zc_verifier")
        self.stranger = service.with_key(None)

    async def told(self, *facts: Event, at: datetime = TODAY) -> list[Rejected]:
        """Another service says something, and this one's consumers hear it."""
        self.position = await self.outside.tell(facts, at)
        return await self.outside.read_by(self._specs, self.service.context.database)

    @property
    def closed(self) -> InventoryClosed:
        """The closed inventory of the month."""
        return month.closed(self.contents, self._pin)

    async def begin(self) -> None:
        """Everything that the other services do before anything is declared."""
        await self.told(*month.reference(self.contents), at=month.BEFORE_CLOSE)
        await self.told(*month.activity(self.contents), at=month.BEFORE_CLOSE)
        self._pin = self.position
        await self.told(*month.instruments(self.contents), at=month.BEFORE_CLOSE)
        await self.told(self.closed, at=month.CLOSED_AT)
        await self.told(
            key(month.ORGANISATION, month.PREPARER, "preparer"),
            key(month.ORGANISATION, month.REVIEWER, "reviewer"),
            key(month.VERIFIERS, month.VERIFIER, "verifier"),
            month.grant(),
            at=month.CLOSED_AT,
        )
        await self.service.set_business_clock(TODAY)

    async def person(self) -> str:
        """Somebody who signs for the organisation."""
        form = {"name": "Zhang Example", "title": "general manager"}
        return str(created(await self.preparer.post(PERSONS, json=form))["person_id"])

    async def plan(self) -> None:
        """Commitment, plan, and its measure done."""
        person = await self.person()
        commitment = {
            "period": month.COMMITTED,
            "statement_en": "We commit to carbon neutrality.",
            "statement_zh": "我们承诺实现碳中和。",
            "signatory_id": person,
        }
        created(await self.reviewer.post(f"{FACTORY}/commitments", json=commitment))
        plan = created(await self.reviewer.post(f"{FACTORY}/plans", json=month.plan_form(person)))
        done = {"achieved_kg": "1000", "done_on": "2024-06-10", "evidence_sha256": "cd" * 32}
        path = f"{FACTORY}/plans/{plan['plan_id']}/measures/heat-recovery/done"
        created(await self.preparer.post(path, json=done))

    async def plan_again(self) -> None:
        """A new plan replaces the first."""
        form = month.plan_form(await self.person())
        created(await self.reviewer.post(f"{FACTORY}/plans", json=form))

    async def verify(self) -> dict[str, Any]:
        """The opinion of the verifier."""
        form = month.opinion_form(self.closed)
        return created(await self.verifier.post(f"{FACTORY}/opinions", json=form))

    async def claim(self) -> str:
        """The claim on the verified inventory."""
        form = {"boundary": "cell plant", "inventory_id": month.INVENTORY}
        return str(created(await self.preparer.post(f"{FACTORY}/claims", json=form))["claim_id"])

    async def retire(self, claim_id: str, quantity: int) -> dict[str, Any]:
        """A request for credits, and the registry's confirmation."""
        form = {"quantity": quantity, "promised_by": await self.person(), "outside_boundary": True}
        path = f"{FACTORY}/claims/{claim_id}/retirements"
        request = created(await self.preparer.post(path, json=form))
        await self.told(month.retired_for(request, quantity))
        return request

    async def retire_again(self, claim_id: str) -> dict[str, Any]:
        """A second request, answered with units of another block."""
        form = {
            "quantity": month.CREDITS_FOR_MARKET,
            "promised_by": await self.person(),
            "outside_boundary": True,
        }
        path = f"{FACTORY}/claims/{claim_id}/retirements"
        request = created(await self.preparer.post(path, json=form))
        await self.told(month.retired_for(request, month.CREDITS_FOR_MARKET, number=23))
        return request

    async def up_to_retirement(self, quantity: int = month.CREDITS_FOR_MARKET) -> str:
        """Every step before the statement; gives the claim."""
        await self.begin()
        await self.plan()
        await self.verify()
        claim_id = await self.claim()
        await self.retire(claim_id, quantity)
        return claim_id

    async def ask(self, claim_id: str, standard: str = "PAS 2060:2014") -> httpx.Response:
        """Asks for a statement."""
        return await self.preparer.post(
            f"{FACTORY}/claims/{claim_id}/statements", json={"standard": standard}
        )


@asynccontextmanager
async def story(database: Database, data_directory: Path) -> AsyncIterator[Story]:
    """A story that has not begun."""
    outside = Outside(database)
    async with running(definition, database, outside.bus, data_directory) as service:
        told = Story(service, outside)
        try:
            yield told
        finally:
            for client in (told.preparer, told.reviewer, told.verifier, told.stranger):
                await client.aclose()
            await outside.bus.close()


def key(organisation_id: str, principal_id: str, role: str) -> ApiKeyIssued:
    """The key `zc_<role>` of a principal."""
    return ApiKeyIssued.model_validate(
        {
            "organisation_id": organisation_id,
            "api_key_id": natural_id("key", role, organisation_id),
            "principal_id": principal_id,
            "roles": [role],
            "key_sha256": key_digest(f"zc_{role}"),
            "expires_at": datetime(2099, 1, 1, tzinfo=UTC),
        }
    )


def created(response: httpx.Response) -> dict[str, Any]:
    """The body of an answer that says something was made."""
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body
