"""Takes a registry's notices in their order, each once, whichever way they come."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.races import again_after_races
from zerocarbon.certificates.service.registry.alerts import raise_alert
from zerocarbon.certificates.service.registry.issued import take_issue
from zerocarbon.certificates.service.registry.retired import take_retirement
from zerocarbon.certificates.service.registry.transferred import take_transfer
from zerocarbon.certificates.service.registry.withdrawn import take_withdrawal
from zerocarbon.certificates.store import registries
from zerocarbon.certificates.store.registries import Outcome, TakenNotice
from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.problem import refusal_problem
from zerocarbon.common.refusal import Conflict, Refused
from zerocarbon.contracts.registry_inbound import RegistryNotice

Take = Callable[[Ledger, RegistryNotice], Awaitable[str]]

_KINDS: dict[str, Take] = {
    "issued": take_issue,
    "transferred": take_transfer,
    "retired": take_retirement,
    "withdrawn": take_withdrawal,
}


class SequenceGap(Exception):
    """A notice came before its predecessors: the registry's stream stands still until they come."""

    def __init__(self, registry: str, expected: int, sequence: int) -> None:
        super().__init__(f"{registry} sent {sequence} while {expected} is expected")
        self.registry = registry
        self.expected = expected
        self.sequence = sequence


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a notice. `answer` is a problem document when it was refused by rule."""

    outcome: Outcome
    answer: dict[str, Any]


class Notices:
    """Registry notices, applied to the ledger under the worker role.

    A refusal by rule is an outcome: the notice is dealt with, its number is used, somebody is alerted. A gap
    is not: nothing happens until the missing notice comes.
    """

    def __init__(self, database: Database, store: EventStore, clock: BusinessClock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def take(self, notice: RegistryNotice) -> Taken:
        """Deals with one notice, or repeats what was answered to it.

        Raises:
            Conflict: another notice had this number.
            SequenceGap: an earlier one is missing.
            VersionConflict: commands of others were faster, again and again.
        """
        taken = await again_after_races(partial(self._once, notice))
        await self._take_early(notice.registry)
        return taken

    async def take_or_keep(self, notice: RegistryNotice) -> None:
        """For notices off the topic, which nobody sends again: an early one is kept until its turn."""
        try:
            await self.take(notice)
        except SequenceGap:
            async with self._database.worker() as session:
                await registries.keep_early(
                    session.connection, notice.registry, notice.sequence, notice.data()
                )
            # The missing one may have come in between.
            await self._take_early(notice.registry)

    async def _take_early(self, registry: str) -> None:
        while True:
            async with self._database.worker() as session:
                data = await registries.peek_early(session.connection, registry)
            if data is None:
                return
            early = RegistryNotice.model_validate_json(data)
            await again_after_races(partial(self._once, early))
            async with self._database.worker() as session:
                await registries.forget_early(session.connection, registry)

    async def _once(self, notice: RegistryNotice) -> Taken:
        sha256 = hashlib.sha256(notice.data()).hexdigest()
        async with self._database.worker() as session:
            connection = session.connection
            await registries.lock(connection, notice.registry)
            known = await registries.taken(connection, notice.registry, notice.sequence)
            if known is not None:
                if known.sha256 != sha256:
                    raise Conflict("sequence-used", f"number {notice.sequence} was another notice")
                return Taken(known.outcome, known.answer)
            ledger = Ledger(connection, self._store, await self._clock.now(connection))
            expected, stopped = await registries.next_sequence(connection, notice.registry)
            in_order = notice.sequence == expected
            if in_order:
                taken = await self._apply(connection, ledger, notice)
                kept = TakenNotice(sha256, taken.outcome, taken.answer)
                await registries.advance(connection, notice.registry, notice.sequence, kept, ledger.now)
            elif not stopped:
                await self._stop(ledger, notice, expected)
        if not in_order:
            raise SequenceGap(notice.registry, expected, notice.sequence)
        return taken

    async def _apply(self, connection: Connection, ledger: Ledger, notice: RegistryNotice) -> Taken:
        try:
            async with connection.transaction():
                block_id = await _KINDS[notice.kind](ledger, notice)
        except Refused as refused:
            alerting = Ledger(connection, self._store, ledger.now)
            raise_alert(
                alerting,
                refused.violations[0].rule,
                f"registry/{notice.registry}/{notice.sequence}",
                f"a notice of {notice.registry} was refused: {refused}",
                severity="warning",
                organisation_id=notice.holder_organisation_id,
            )
            await alerting.record()
            return Taken("refused", refusal_problem(refused))
        return Taken("applied", {"outcome": "applied", "block_id": block_id, "sequence": notice.sequence})

    async def _stop(self, ledger: Ledger, notice: RegistryNotice, expected: int) -> None:
        await registries.stop(ledger.connection, notice.registry, expected, notice.sequence)
        raise_alert(
            ledger,
            "registry-gap",
            f"registry/{notice.registry}/{expected}/{notice.sequence}",
            f"{notice.registry} sent {notice.sequence} while {expected} is expected; its stream stands still",
            severity="alarm",
        )
        await ledger.record()
