"""What the routes of a service work with, put together once at its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zerocarbon.common.bus.port import Bus
from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.clock import SystemClock
from zerocarbon.common.command.runner import Commands
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.identity.access import Access, Authenticator
from zerocarbon.common.postgres.database import Database


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """A running service's parts.

    `data_directory` is for what belongs to the installation and not to a database, such as a signing key.
    """

    name: str
    database: Database
    bus: Bus
    data_directory: Path
    store: EventStore
    commands: Commands
    access: Access
    authenticators: Sequence[Authenticator]
    business_clock: BusinessClock
    system_clock: SystemClock
