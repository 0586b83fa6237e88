"""What the routes of a service work with, put together once at its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.clock import SystemClock
from zerocarbon.common.command.runner import Commands
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.identity.access import Access, Authenticator
from zerocarbon.common.postgres.database import Database


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """A running service's parts."""

    name: str
    database: Database
    store: EventStore
    commands: Commands
    access: Access
    authenticators: Sequence[Authenticator]
    business_clock: BusinessClock
    system_clock: SystemClock
