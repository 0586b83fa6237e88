"""Roles, keys and grants, and their limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from zerocarbon.common.clock import FixedClock
from zerocarbon.common.identity import directory
from zerocarbon.common.identity.access import (
    WHATEVER_THE_GRANT_HOLDS,
    Access,
    AskedPeriod,
    Denied,
    Period,
    no_period,
)
from zerocarbon.common.identity.directory import IdentityFact
from zerocarbon.common.identity.keys import KeyAuthenticator, key_digest, new_key
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.contracts.reference import ApiKeyIssued, ApiKeyRevoked, GrantIssued, GrantRevoked

ORGANISATION, ANOTHER = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"
FACTORY, OTHER_FACTORY = "0190a000-0000-7000-8000-0000000000f1", "0190a000-0000-7000-8000-0000000000f2"
NOW = datetime(2025, 6, 30, tzinfo=UTC)
VERIFIER = frozenset({"verifier"})


@dataclass
class Stage:
    """Access over a database and a clock."""

    database: Database
    clock: FixedClock

    async def record(self, fact: IdentityFact) -> None:
        async with self.database.worker() as session:
            await directory.record(session.connection, fact)

    async def grant(self, **limits: Any) -> GrantIssued:
        fact = GrantIssued(
            **{
                "organisation_id": ORGANISATION,
                "grant_id": new_id(),
                "grantee_id": new_id(),
                "role": "verifier",
                "until": NOW + timedelta(days=1),
                **limits,
            }
        )
        await self.record(fact)
        return fact

    async def enters(
        self,
        grantee_id: str,
        organisation_id: str = ORGANISATION,
        roles: frozenset[str] = VERIFIER,
        factory_id: str | None = None,
        asked: AskedPeriod = no_period,
    ) -> bool:
        access = Access(self.database, self.clock)
        try:
            scope = await access.enter(Principal(grantee_id), organisation_id, roles, factory_id, asked)
        except Denied:
            return False
        return scope.organisation_id == organisation_id


@pytest_asyncio.fixture
async def stage(service_database: MakeDatabase) -> AsyncIterator[Stage]:
    yield Stage(await service_database("ingest"), FixedClock(NOW))


def about(start: date, end: date) -> AskedPeriod:
    async def asked() -> Period:
        return Period(start, end)

    return asked


async def whatever() -> Period:
    return WHATEVER_THE_GRANT_HOLDS


async def test_a_grant_opens_its_role_in_its_organisation_and_nothing_else(stage: Stage) -> None:
    grant = await stage.grant()
    assert await stage.enters(grant.grantee_id)
    assert not await stage.enters(new_id())
    assert not await stage.enters(grant.grantee_id, ANOTHER)
    for role in ("operator", "preparer", "reviewer", "admin", "registry"):
        assert not await stage.enters(grant.grantee_id, roles=frozenset({role})), role


async def test_a_grant_of_one_factory_opens_paths_of_that_factory_only(stage: Stage) -> None:
    grant = await stage.grant(factory_id=FACTORY)
    assert await stage.enters(grant.grantee_id, factory_id=FACTORY)
    assert not await stage.enters(grant.grantee_id, factory_id=OTHER_FACTORY)
    assert not await stage.enters(grant.grantee_id)


async def test_a_grant_of_one_period_opens_what_lies_within_it(stage: Stage) -> None:
    grant = await stage.grant(period_start=date(2024, 1, 1), period_end=date(2025, 1, 1))
    year = about(date(2024, 1, 1), date(2025, 1, 1))
    assert await stage.enters(grant.grantee_id, asked=year)
    assert await stage.enters(grant.grantee_id, asked=about(date(2024, 3, 1), date(2024, 4, 1)))
    assert not await stage.enters(grant.grantee_id, asked=about(date(2023, 12, 31), date(2024, 2, 1)))
    assert not await stage.enters(grant.grantee_id, asked=about(date(2024, 12, 1), date(2025, 1, 2)))
    assert not await stage.enters(grant.grantee_id, asked=about(date(2030, 1, 1), date(2000, 1, 1)))
    assert not await stage.enters(grant.grantee_id), "a route that names no period was opened"
    assert await stage.enters(grant.grantee_id, asked=whatever)


async def test_two_grants_do_not_add_up_to_a_longer_period(stage: Stage) -> None:
    first = await stage.grant(period_start=date(2024, 1, 1), period_end=date(2024, 7, 1))
    await stage.grant(grantee_id=first.grantee_id, period_start=date(2024, 7, 1), period_end=date(2025, 1, 1))
    assert not await stage.enters(first.grantee_id, asked=about(date(2024, 1, 1), date(2025, 1, 1)))


async def test_a_grant_ends_by_time_and_by_revocation(stage: Stage) -> None:
    timed = await stage.grant()
    stage.clock.set(timed.until - timedelta(seconds=1))
    assert await stage.enters(timed.grantee_id)
    stage.clock.set(timed.until)
    assert not await stage.enters(timed.grantee_id)
    stage.clock.set(NOW)
    await stage.record(GrantRevoked(organisation_id=ANOTHER, grant_id=timed.grant_id))
    assert await stage.enters(timed.grantee_id), "another organisation revoked it"
    await stage.record(GrantRevoked(organisation_id=ORGANISATION, grant_id=timed.grant_id))
    assert not await stage.enters(timed.grantee_id)
    await stage.record(timed)
    assert not await stage.enters(timed.grantee_id), "a grant that is told again came back to life"


async def test_the_period_is_not_looked_up_for_strangers_and_members(stage: Stage) -> None:
    async def never() -> Period:
        raise AssertionError("asked")

    assert not await stage.enters(new_id(), asked=never)
    member = Principal(new_id(), {ORGANISATION: frozenset({"verifier"})})
    access = Access(stage.database, stage.clock)
    assert (await access.enter(member, ORGANISATION, VERIFIER, None, never)).principal == member


async def test_memberships_count_in_their_organisation_only(stage: Stage) -> None:
    access = Access(stage.database, stage.clock)
    operator = Principal(new_id(), {ORGANISATION: frozenset({"operator"})})
    assert await access.enter(operator, ORGANISATION, frozenset({"operator"}))
    for organisation, roles in ((ANOTHER, frozenset({"operator"})), (ORGANISATION, VERIFIER)):
        with pytest.raises(Denied):
            await access.enter(operator, organisation, roles)


async def test_a_key_lives_from_issue_to_expiry_or_revocation(stage: Stage) -> None:
    key = new_key()
    fact = ApiKeyIssued(
        organisation_id=ORGANISATION,
        api_key_id=new_id(),
        principal_id=new_id(),
        roles=["operator"],
        key_sha256=key_digest(key),
        expires_at=NOW + timedelta(days=1),
    )
    await stage.record(fact)
    keys = KeyAuthenticator(stage.database, stage.clock, key_digest("zc_the-administrator"))
    principal = await keys.authenticate(key)
    assert principal is not None
    assert dict(principal.memberships) == {ORGANISATION: frozenset({"operator"})}
    assert not principal.installation_admin
    for wrong in (key + "x", key[:-1], key.upper(), fact.key_sha256, "zc_", "", "zc_\x00", "a.b.c"):
        assert await keys.authenticate(wrong) is None, wrong
    stage.clock.set(fact.expires_at)
    assert await keys.authenticate(key) is None
    stage.clock.set(NOW)
    await stage.record(ApiKeyRevoked(organisation_id=ORGANISATION, api_key_id=fact.api_key_id))
    assert await keys.authenticate(key) is None
    await stage.record(fact)
    assert await keys.authenticate(key) is None, "a key that is told again came back to life"


async def test_without_an_administrator_key_nobody_is_the_administrator(stage: Stage) -> None:
    keys = KeyAuthenticator(stage.database, stage.clock, None)
    for guess in ("", "None", "zc_"):
        assert await keys.authenticate(guess) is None
