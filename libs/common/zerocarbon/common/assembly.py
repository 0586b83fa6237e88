"""Puts a service's parts together over its database: for services, the embedded product and tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zerocarbon.common.bus.port import Bus
from zerocarbon.common.business_clock import BusinessClock, LiveBusinessClock, SettableBusinessClock
from zerocarbon.common.clock import SystemClock
from zerocarbon.common.command.runner import Commands
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import Access, Authenticator
from zerocarbon.common.identity.keys import KeyAuthenticator
from zerocarbon.common.postgres.database import Database


def assemble(
    name: str,
    database: Database,
    bus: Bus,
    system_clock: SystemClock,
    notifier: Notifier,
    *,
    data_directory: Path,
    admin_key_sha256: str | None = None,
    business_clock_settable: bool = False,
    authenticators: Sequence[Authenticator] = (),
) -> ServiceContext:
    """A service's context. Keys are always accepted; `authenticators` come after them."""
    store = EventStore()
    business_clock: BusinessClock = (
        SettableBusinessClock(system_clock) if business_clock_settable else LiveBusinessClock(system_clock)
    )
    return ServiceContext(
        name=name,
        database=database,
        bus=bus,
        data_directory=data_directory,
        store=store,
        commands=Commands(database, store, business_clock, system_clock, notifier),
        access=Access(database, system_clock),
        authenticators=(KeyAuthenticator(database, system_clock, admin_key_sha256), *authenticators),
        business_clock=business_clock,
        system_clock=system_clock,
    )
