"""A claim is alive: a fact behind an issued statement changed, so it no longer stands (rules 10 and 12)."""

from __future__ import annotations

from collections.abc import Mapping

from zerocarbon.contracts.certificate import UnitsWithdrawn
from zerocarbon.contracts.declaration import StatementSuspended
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.declaration.domain.record import Record, Statement
from zerocarbon.declaration.domain.subject import Subject


def inventory_superseded(
    record: Record, subject: Subject, superseding: InventoryClosed
) -> list[StatementSuspended]:
    """Suspends what stands on the version that was replaced: upwards or downwards, the verifier has not
    seen the new one."""
    reason = (
        f"version {superseding.version} of the inventory replaced the verified one"
        f" ({superseding.restatement_reason or 'no reason given'}); it has to be verified and declared anew"
    )
    return [
        _suspended(subject, statement, reason, f"inventory/{superseding.inventory_id}")
        for statement in record.statements.values()
        if statement.stands and statement.current.inventory_sha256 == _replaced(record, superseding)
    ]


def _replaced(record: Record, superseding: InventoryClosed) -> str | None:
    for opinion in record.opinions.values():
        if opinion.inventory_id == superseding.supersedes:
            return opinion.inventory_sha256
    return None


def units_withdrawn(
    record: Record,
    subject: Subject,
    withdrawn: UnitsWithdrawn,
    retirement_id: str,
    energy_retirements: Mapping[str, frozenset[str]],
) -> list[StatementSuspended]:
    """Suspends what stands on retired units that the registry took back: credits of the claim, or energy
    certificates under the scope 2 of its inventory (`energy_retirements`, by inventory hash)."""
    units = f"{withdrawn.high - withdrawn.low} units [{withdrawn.low}, {withdrawn.high})"
    found = []
    for statement in record.statements.values():
        current = statement.current
        rests_on = frozenset(current.retirements) | energy_retirements.get(
            current.inventory_sha256, frozenset()
        )
        if statement.stands and retirement_id in rests_on:
            reason = f"{units} that the claim rests on were withdrawn: {withdrawn.reason}"
            found.append(_suspended(subject, statement, reason, f"block/{withdrawn.block_id}"))
    return found


def _suspended(subject: Subject, statement: Statement, reason: str, cause: str) -> StatementSuspended:
    return StatementSuspended(
        organisation_id=subject.organisation_id,
        factory_id=subject.factory_id,
        statement_id=statement.current.statement_id,
        claim_id=statement.current.claim_id,
        reason=reason,
        cause=cause,
    )
