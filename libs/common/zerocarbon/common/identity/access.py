"""What a principal may do in an organisation: deny unless membership, grant or administration says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from zerocarbon.common.clock import SystemClock
from zerocarbon.common.identity.directory import Grant, grants_of
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.postgres.database import Database


class Denied(Exception):
    """The principal may not do this here. It is not told whether the thing exists."""


class Unauthenticated(Exception):
    """Nobody proved who asks."""


class Authenticator(Protocol):
    """Turns a credential into a principal, or into nothing when it is not valid."""

    async def authenticate(self, credential: str) -> Principal | None:
        """The principal behind the credential.

        A caller may assume that nothing but a fault of ours or a lost database is raised, whatever the
        credential looks like. It may not assume that the same credential is valid a moment later.
        """
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """A principal acting in one organisation: what every query and command is bounded by."""

    principal: Principal
    organisation_id: str


class Period(NamedTuple):
    """What a request is about, in local dates of the factory: `[start, end)`."""

    start: date
    end: date


WHATEVER_THE_GRANT_HOLDS = Period(date.max, date.min)
"""Said by a route whose use case judges by the period of the grant itself: every grant covers it."""

AskedPeriod = Callable[[], Awaitable[Period | None]]


async def no_period() -> Period | None:
    """A request that is about no period in particular."""
    return None


class Access:
    """Decides by role. Memberships come with the credential, grants from this service's own records."""

    def __init__(self, database: Database, system_clock: SystemClock) -> None:
        self._database = database
        self._clock = system_clock

    async def enter(
        self,
        principal: Principal,
        organisation_id: str,
        roles: frozenset[str],
        factory_id: str | None = None,
        asked_period: AskedPeriod = no_period,
    ) -> Scope:
        """The scope to act in.

        A grant counts when it is live, for the whole organisation or for `factory_id`, and for all time or
        for a period that covers what is asked for: what a request does not say, a limited grant does not
        open. `asked_period` is called only where a grant is limited to a period and would open this.

        Raises:
            Denied: none of `roles` is the principal's here.
        """
        if principal.installation_admin or principal.memberships.get(organisation_id, frozenset()) & roles:
            return Scope(principal, organisation_id)
        async with self._database.worker() as session:
            grants = await grants_of(
                session.connection,
                principal.principal_id,
                organisation_id,
                factory_id,
                self._clock.now(),
            )
        opening = [grant for grant in grants if grant.role in roles]
        if any(grant.start is None and grant.end is None for grant in opening):
            return Scope(principal, organisation_id)
        asked = await asked_period() if opening else None
        if asked is not None and any(_within(asked, grant) for grant in opening):
            return Scope(principal, organisation_id)
        raise Denied


def _within(asked: Period, grant: Grant) -> bool:
    if asked == WHATEVER_THE_GRANT_HOLDS:
        return True
    # A period that ends before it begins would lie within every grant.
    return asked.start < asked.end and grant.covers(asked.start, asked.end)
