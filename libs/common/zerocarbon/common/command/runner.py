"""Runs a use case as a command: key, transaction, answer, audit."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import structlog

from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.clock import SystemClock
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.metrics import REFUSALS
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.eventstore.store import ClockMovedBack, EventStore, VersionConflict
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.problem import refusal_problem
from zerocarbon.common.refusal import Conflict, PreconditionFailed, Refused

KEPT_FOR = timedelta(days=7)
FOR_EVER = datetime.max.replace(tzinfo=UTC)
ATTEMPTS = 6
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for what. `fingerprint` digests the request, to tell a retry from a reuse of the key.

    `kept_for_ever` is for reactions and timers: their events and rows may be read again after years.
    """

    action: str
    principal: Principal
    organisation_id: str
    idempotency_key: str | None = None
    fingerprint: str = ""
    dry_run: bool = False
    if_match: int | None = None
    kept_for_ever: bool = False


def fingerprint(method: str, path: str, body: bytes) -> str:
    """The digest that decides whether two requests with one key are the same request."""
    return hashlib.sha256(b"\x00".join([method.encode(), path.encode(), body])).hexdigest()


class _TriedOnly(Exception):
    """Rolls a dry run back."""


UseCase = Callable[[UnitOfWork], Awaitable[Answer]]


class Commands:
    """Runs use cases.

    - A key that was answered gives the same answer again, without a second effect; with another body it is
      a conflict. Refusals by rule are kept like successes; conflicts of versions and faults are not.
    - A dry run does everything and rolls back; it takes no key and leaves no trace.
    - A concurrent change of the same stream is tried again, unless the caller named a version.
    """

    def __init__(
        self,
        database: Database,
        store: EventStore,
        business_clock: BusinessClock,
        system_clock: SystemClock,
        notifier: Notifier,
    ) -> None:
        self._database = database
        self._store = store
        self._business_clock = business_clock
        self._system_clock = system_clock
        self._notifier = notifier

    async def run(self, call: Call, use_case: UseCase) -> Answer:
        """The answer of the use case, or the kept answer of the same call.

        Raises:
            Conflict: the key was used for another request.
            PreconditionFailed: the stream moved while the caller named the version it had seen.
            VersionConflict: the command lost every attempt against faster ones.
        """
        for attempt in range(ATTEMPTS):
            try:
                return await self._once(call, use_case)
            except VersionConflict as lost:
                if call.if_match is not None and not isinstance(lost, ClockMovedBack):
                    raise PreconditionFailed(str(lost)) from lost
                if attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(0.005 * 2**attempt)
            except asyncpg.UniqueViolationError as twin:
                # The same key is being answered by a twin of this request: its answer is the answer.
                if twin.constraint_name != "idempotency_pkey":
                    raise
        raise VersionConflict([call.action])

    async def _once(self, call: Call, use_case: UseCase) -> Answer:
        try:
            async with self._database.request(call.organisation_id) as session:
                connection = session.connection
                kept = await self._kept(connection, call)
                if kept is not None:
                    return kept
                now = await self._business_clock.now(connection)
                work = UnitOfWork(
                    connection, self._store, now, call.organisation_id, call.principal, call.if_match
                )
                answer = await use_case(work)
                if call.dry_run:
                    raise _TriedOnly
                await self._keep(connection, call, answer)
        except _TriedOnly:
            return Answer(200, {**answer.body, "dry_run": True}, None)
        except Refused as refused:
            return await self._refused(call, refused)
        self._notifier.wake()
        return answer

    async def _refused(self, call: Call, refused: Refused) -> Answer:
        answer = Answer(422, refusal_problem(refused))
        for violation in refused.violations:
            REFUSALS.labels(violation.rule).inc()
        if call.dry_run:
            return answer
        # In a transaction of its own: the command's has been rolled back.
        async with self._database.request(call.organisation_id) as session:
            await self._keep(session.connection, call, answer)
            await self._audit(session.connection, call, "refused", answer.body)
        _log.info("command refused", action=call.action, rules=[v.rule for v in refused.violations])
        return answer

    async def _kept(self, connection: Connection, call: Call) -> Answer | None:
        if call.idempotency_key is None or call.dry_run:
            return None
        row = await connection.fetchrow(
            "SELECT fingerprint, status, answer FROM idempotency"
            " WHERE organisation_id = $1 AND principal_id = $2 AND key = $3",
            call.organisation_id,
            call.principal.principal_id,
            call.idempotency_key,
        )
        if row is None:
            return None
        if row["fingerprint"] != call.fingerprint:
            raise Conflict("idempotency-key", "this Idempotency-Key was used for another request")
        return Answer.from_bytes(row["status"], row["answer"])

    async def _keep(self, connection: Connection, call: Call, answer: Answer) -> None:
        if call.idempotency_key is None:
            return
        await connection.execute(
            "INSERT INTO idempotency"
            " (organisation_id, principal_id, key, fingerprint, status, answer, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            call.organisation_id,
            call.principal.principal_id,
            call.idempotency_key,
            call.fingerprint,
            answer.status,
            answer.to_bytes(),
            FOR_EVER if call.kept_for_ever else self._system_clock.now() + KEPT_FOR,
        )

    async def _audit(self, connection: Connection, call: Call, outcome: str, detail: dict[str, Any]) -> None:
        await connection.execute(
            "INSERT INTO audit (at, organisation_id, principal_id, action, outcome, detail)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            self._system_clock.now(),
            call.organisation_id,
            call.principal.principal_id,
            call.action,
            outcome,
            json.dumps(detail, ensure_ascii=False),
        )
