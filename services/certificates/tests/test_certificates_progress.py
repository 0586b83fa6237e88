"""How far a request has come follows from its units, whatever happened to them in whatever order."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from zerocarbon.certificates.domain.choice import Chosen
from zerocarbon.certificates.domain.progress import Progress
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.service import reservations, retirements
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.certificates.store import retirement_requests
from zerocarbon.common.ids import natural_id


@pytest.mark.parametrize(
    ("asked", "reserved", "submitted", "retired", "status"),
    [
        (100, 100, 0, 0, "reserved"),
        (100, 100, 100, 0, "awaiting-registry"),
        (100, 80, 80, 20, "awaiting-registry"),
        (100, 40, 40, 0, "awaiting-registry"),
        (100, 40, 0, 0, "reserved"),
        (100, 0, 0, 100, "retired"),
        (100, 0, 0, 120, "retired"),
        (100, 0, 0, 99, "partly-retired"),
        (100, 0, 0, 1, "partly-retired"),
        (100, 0, 0, 0, "released"),
    ],
)
def test_the_status_is_that_of_the_sums(
    asked: int, reserved: int, submitted: int, retired: int, status: str
) -> None:
    progress = Progress(asked, reserved, submitted, retired)
    assert progress.status == status
    assert progress.ended == (status in ("retired", "partly-retired", "released"))


async def shown(installation: Any, asked: Any) -> tuple[str, int, list[str]]:
    """Status, retired quantity and reasons of a request, as its owner sees them."""

    async with installation.database.request(asked.organisation_id) as session:
        request = await retirement_requests.find(session.connection, asked.correlation_id)
        assert request is not None
        ranges = await retirement_requests.ranges(session.connection, [asked.correlation_id])
    body = retirement_requests.shown(request, ranges[asked.correlation_id])
    return body["status"], body["retired_quantity"], body["reasons"]


async def timers(installation: Any, asked: Any) -> int:
    """How many timers still wait for a request."""
    subject = f"retirement-request/{asked.correlation_id}"
    return len(await installation.rows("SELECT FROM timer WHERE subject = $1 AND fired_at IS NULL", subject))


async def ask(installation: Any, asked: Any, *, submit: bool = True) -> None:
    answer = await installation.run(retirements.reserve(installation.store, asked, submit=submit))
    assert answer.status in (201, 202), answer.body


async def test_a_request_that_loses_units_waits_for_the_rest_and_is_retired_in_part(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 100)
    await registry.issue(gec())
    await ask(installation, asked)
    await registry.tell("withdrawn", 0, 60, reason="issued in error")
    assert await shown(installation, asked) == ("awaiting-registry", 0, ["issued in error"])
    assert await timers(installation, asked) == 1
    await registry.tell("retired", 60, 100, correlation_id=asked.correlation_id)
    assert await shown(installation, asked) == ("partly-retired", 40, ["issued in error"])
    assert await timers(installation, asked) == 0
    late = await installation.run(retirements.release(installation.store, asked.correlation_id, "too late"))
    assert late.body["errors"][0]["rule"] == "DC09"


async def test_a_reservation_that_loses_units_can_still_be_sent(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 100)
    await registry.issue(gec())
    await ask(installation, asked, submit=False)
    await registry.tell("retired", 0, 60)
    assert (await shown(installation, asked))[0] == "reserved"
    await installation.run(retirements.retire_reserved(installation.store, asked.correlation_id))
    assert (await shown(installation, asked))[0] == "awaiting-registry"
    await registry.tell("withdrawn", 60, 100, reason="issued in error")
    assert (await shown(installation, asked))[0] == "released"
    assert await timers(installation, asked) == 0


async def test_what_is_called_back_after_a_part_was_retired_is_retired_in_part(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 100)
    await registry.issue(gec())
    await ask(installation, asked)
    await registry.tell("retired", 0, 20, correlation_id=asked.correlation_id)
    assert (await shown(installation, asked))[:2] == ("awaiting-registry", 20)
    await installation.run(retirements.release(installation.store, asked.correlation_id, "called back"))
    assert await shown(installation, asked) == ("partly-retired", 20, ["called back"])
    # A confirmation that comes all the same completes it.
    await registry.tell("retired", 20, 100, correlation_id=asked.correlation_id)
    assert (await shown(installation, asked))[:2] == ("retired", 100)


async def test_a_withdrawal_after_the_retirement_takes_from_what_is_retired(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 100)
    await registry.issue(gec())
    await ask(installation, asked)
    await registry.tell("retired", 0, 100, correlation_id=asked.correlation_id)
    await registry.tell("withdrawn", 30, 40, reason="issued in error")
    assert await shown(installation, asked) == ("partly-retired", 90, ["issued in error"])
    await registry.tell("withdrawn", 0, 100, reason="all of it")
    assert await shown(installation, asked) == ("released", 0, ["issued in error", "all of it"])


async def test_who_loses_units_to_a_late_confirmation_keeps_the_rest(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, first, second = (
        installation.registry(),
        make_order("first", 0, 100),
        make_order("second", 50, 150),
    )
    await registry.issue(gec())
    await ask(installation, first)
    await installation.run(retirements.release(installation.store, first.correlation_id, "called back"))
    await ask(installation, second)
    await registry.tell("retired", 0, 100, correlation_id=first.correlation_id)
    assert (await shown(installation, first))[:2] == ("retired", 100)
    assert (await shown(installation, second))[:2] == ("awaiting-registry", 0)
    await registry.tell("retired", 100, 150, correlation_id=second.correlation_id)
    assert (await shown(installation, second))[:2] == ("partly-retired", 50)


async def test_two_registries_that_confirm_parts_of_one_request_at_once_complete_it(
    installation: Any, gec: Any, make_order: Any
) -> None:
    """Each transaction changes another block: without the lock, none would see the other's part."""
    gecs, irecs = installation.registry(), installation.registry("evident")
    june = {"vintage_start": date(2024, 6, 1), "vintage_end": date(2024, 7, 1), "issued_on": date(2024, 8, 1)}
    await gecs.issue(gec())
    await irecs.issue(gec(scheme="IREC_CN", **june))
    blocks = [natural_id("block", registry, "A", "0") for registry in ("cn-gec", "evident")]
    for number in range(8):
        low, high = number * 10, number * 10 + 10
        ranges = tuple(Chosen(block_id, SerialRange(low, high)) for block_id in blocks)
        asked = make_order(f"both-{number}", quantity=20, ranges=ranges)
        await ask(installation, asked)
        await asyncio.gather(
            gecs.tell("retired", low, high, correlation_id=asked.correlation_id),
            irecs.tell("retired", low, high, correlation_id=asked.correlation_id),
        )
        assert (await shown(installation, asked))[:2] == ("retired", 20)
        assert await timers(installation, asked) == 0


async def test_a_deadline_that_finds_nothing_reserved_changes_nothing(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 100)
    await registry.issue(gec())
    await ask(installation, asked)
    await registry.tell("retired", 0, 100, correlation_id=asked.correlation_id)
    async with installation.database.worker() as session:
        ledger = Ledger(session.connection, installation.store, datetime(2025, 7, 2, tzinfo=UTC))
        assert not await reservations.release(ledger, asked.correlation_id, "the deadline has passed")
    assert await shown(installation, asked) == ("retired", 100, [])
