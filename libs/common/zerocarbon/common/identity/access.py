"""What a principal may do in an organisation: deny unless membership, grant or administration says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from zerocarbon.common.clock import SystemClock
from zerocarbon.common.identity.directory import granted_roles
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.postgres.database import Database


class Denied(Exception):
    """The principal may not do this here. It is not told whether the thing exists."""


class Unauthenticated(Exception):
    """Nobody proved who asks."""


class Authenticator(Protocol):
    """Turns a credential into a principal, or into nothing when it is not valid."""

    async def authenticate(self, credential: str) -> Principal | None:
        """The principal behind the credential."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """A principal acting in one organisation: what every query and command is bounded by."""

    principal: Principal
    organisation_id: str


class Access:
    """Decides by role. Memberships come with the credential, grants from this service's own records."""

    def __init__(self, database: Database, system_clock: SystemClock) -> None:
        self._database = database
        self._clock = system_clock

    async def enter(
        self, principal: Principal, organisation_id: str, roles: frozenset[str], factory_id: str | None = None
    ) -> Scope:
        """The scope to act in.

        Raises:
            Denied: none of `roles` is the principal's here.
        """
        if principal.installation_admin or principal.memberships.get(organisation_id, frozenset()) & roles:
            return Scope(principal, organisation_id)
        async with self._database.worker() as session:
            granted = await granted_roles(
                session.connection,
                principal.principal_id,
                organisation_id,
                factory_id,
                self._clock.now(),
            )
        if granted & roles:
            return Scope(principal, organisation_id)
        raise Denied
