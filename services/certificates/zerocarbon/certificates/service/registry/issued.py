"""A registry issued units."""

from __future__ import annotations

from datetime import UTC, datetime, time

import asyncpg

from zerocarbon.certificates.domain.issue import IssueBlock, issue_block
from zerocarbon.certificates.domain.same_project import excluded
from zerocarbon.certificates.domain.scheme import Issue, Scheme
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.vintage import Vintage
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.certificates.service.expiry import EXPIRE_RULE, block_subject
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.service.registry.alerts import raise_alert
from zerocarbon.certificates.store import blocks, generation, provisional
from zerocarbon.certificates.store.generation import GenerationExhausted, Taking
from zerocarbon.common.consumer.timer import Timer, set_timer
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Refused, Violation, refuse
from zerocarbon.contracts.registry_inbound import RegistryNotice


async def take_issue(ledger: Ledger, notice: RegistryNotice) -> str:
    """Makes the block; gives its id.

    Raises:
        Refused: the scheme's rules, the generation register, or serial numbers that exist.
    """
    scheme = schemes().get(notice.scheme)
    if scheme is None:
        raise refuse("R188", f"{notice.scheme} is not a scheme that is known here", "/scheme")
    command = _command(notice)
    connection = ledger.connection
    # Two registries that issue for one plant at once are taken one after the other.
    plant = command.issue.project.code
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", plant)
    if await blocks.overlapping(connection, notice.registry, command.serial, command.range):
        raise refuse("R187", "some of these serial numbers were issued before", "/low")
    await ledger.open([(command.block_id, command.range)])
    events = issue_block(command, ledger.block(command.block_id), scheme)
    violations = excluded(command, scheme.code, await blocks.of_project(connection, plant))
    if violations:
        raise Refused(violations)
    await _take_generation(ledger, command, scheme)
    for event in events:
        ledger.issue(event)
    await _displace_provisional(ledger, notice)
    try:
        await ledger.record()
    except asyncpg.ExclusionViolationError as taken:
        raise refuse("R187", "some of these serial numbers were issued before", "/low") from taken
    await _set_expiry(ledger, command, scheme)
    return command.block_id


async def _set_expiry(ledger: Ledger, command: IssueBlock, scheme: Scheme) -> None:
    expires_on = scheme.expires_on(command.issue.vintage)
    if expires_on is not None:
        due = datetime.combine(expires_on, time(), UTC)
        timer = Timer(block_subject(command.block_id), EXPIRE_RULE, due, command.organisation_id)
        await set_timer(ledger.connection, timer)


def _command(notice: RegistryNotice) -> IssueBlock:
    holder, project = notice.holder_organisation_id, notice.project
    start, end = notice.vintage_start, notice.vintage_end
    if holder is None or project is None or start is None or end is None:
        given = {
            "holder_organisation_id": holder,
            "project": project,
            "vintage_start": start,
            "vintage_end": end,
        }
        raise Refused(
            [
                Violation("missing", f"units are issued with their {name}", f"/{name}")
                for name, value in given.items()
                if value is None
            ]
        )
    try:
        vintage, range_ = Vintage(start, end), SerialRange(notice.low, notice.high)
    except ValueError as reversed_range:
        raise refuse("range", str(reversed_range)) from reversed_range
    block_id = natural_id("block", notice.registry, notice.serial, str(notice.low))
    issue = Issue(notice.registry, notice.unit, project, vintage, notice.on)
    return IssueBlock(block_id, holder, notice.serial, range_, issue)


async def _take_generation(ledger: Ledger, command: IssueBlock, scheme: Scheme) -> None:
    if scheme.unit != "MWh":
        return
    month = command.issue.vintage.month
    assert month is not None, "the scheme's rules ask for one month"
    plant = command.issue.project.code
    taking = Taking(command.block_id, plant, month, scheme.registry, command.range.quantity)
    try:
        await generation.take(ledger.connection, taking)
    except GenerationExhausted as exhausted:
        message = f"{exhausted}: certificates for more than was generated; one MWh, one live certificate"
        raise refuse("DC01", message, "/high") from exhausted


async def _displace_provisional(ledger: Ledger, notice: RegistryNotice) -> None:
    """What tenants typed in gives way: confirmed for the holder, disputed for others, who learn no name."""
    for entry in await provisional.overlapping(
        ledger.connection, notice.registry, notice.serial, notice.low, notice.high
    ):
        confirmed = entry.organisation_id == notice.holder_organisation_id
        await provisional.move(ledger.connection, entry.block_id, "confirmed" if confirmed else "disputed")
        if not confirmed:
            raise_alert(
                ledger,
                "provisional-conflict",
                f"provisional-block/{entry.block_id}",
                "the registry does not confirm these units as yours",
                severity="warning",
                organisation_id=entry.organisation_id,
            )
