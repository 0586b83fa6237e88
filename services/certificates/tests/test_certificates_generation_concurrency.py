"""Two registries certify one plant's month at once: together never more than the register holds."""

from __future__ import annotations

import asyncio
import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zerocarbon.certificates.service.metering import register_metered

SEED = 20240101
PIECE = 50
JANUARY = date(2024, 1, 1)
SCHEMES = {"cn-gec": "GEC", "evident": "IREC_CN"}


async def meter(installation: Any, mwh: str, remainder: str = "0") -> None:
    database, store, clock = installation.database, installation.store, installation.business_clock
    await register_metered(database, store, clock, "wind-01", JANUARY, Decimal(mwh), Decimal(remainder))


async def live_claims(installation: Any) -> tuple[Decimal, dict[str, Decimal]]:
    """What the month holds, and what stands of it by registry; the register's own sum has to agree."""
    rows = await installation.rows(
        "SELECT registered_mwh + remainder_mwh + shortfall_mwh AS holds, claimed_mwh, route,"
        " sum(mwh - withdrawn_mwh) AS stands FROM generation JOIN generation_claim USING (plant, month)"
        " GROUP BY plant, month, route"
    )
    by_route = {row["route"]: row["stands"] for row in rows}
    assert {row["claimed_mwh"] for row in rows} == {sum(by_route.values())}
    return rows[0]["holds"], by_route


async def issue_pieces(registry: Any, event: Any, count: int) -> list[str]:
    """Issues pieces one after the other, as a registry does; what became of each."""
    outcomes = []
    for number in range(count):
        low = number * PIECE
        piece = event(scheme=SCHEMES[registry.name], low=low, high=low + PIECE)
        taken = await registry.issue(piece)
        if taken.outcome == "refused":
            assert {error["rule"] for error in taken.answer["errors"]} == {"DC01"}
        outcomes.append(taken.outcome)
    return outcomes


@pytest.mark.requirement("R132")
async def test_two_registries_at_once_share_what_was_metered(installation: Any, gec: Any) -> None:
    """Given 1,000.4 MWh by meter, when both issue 15 times 50 MWh at once, then 1,000 stand and no more."""
    await meter(installation, "1000", "0.4")
    outcomes = await asyncio.gather(*(issue_pieces(installation.registry(name), gec, 15) for name in SCHEMES))
    holds, by_route = await live_claims(installation)
    assert sum(by_route.values()) == 1000 <= holds
    assert [ended.count("applied") for ended in outcomes] == [by_route[name] // PIECE for name in SCHEMES]
    assert sum(ended.count("applied") for ended in outcomes) == 20


@pytest.mark.requirement("R132")
async def test_two_registries_at_once_do_not_both_vouch_for_a_month_nobody_metered(
    installation: Any, gec: Any
) -> None:
    """Given no meter, when both issue the first certificates at once, then one of them alone is believed."""
    outcomes = await asyncio.gather(*(issue_pieces(installation.registry(name), gec, 4) for name in SCHEMES))
    holds, by_route = await live_claims(installation)
    assert sorted(outcomes) == [["applied"] * 4, ["refused"] * 4]
    assert (holds, sum(by_route.values()), len(by_route)) == (200, 200, 1)


@pytest.mark.requirement("R132")
async def test_withdrawals_retirements_elsewhere_and_issues_at_once_never_exceed_the_register(
    installation: Any, gec: Any
) -> None:
    """Given a month that is all taken, when units are withdrawn, used elsewhere and issued from both sides,
    then what stands fits the register at every moment, and what was used elsewhere still stands."""
    source = random.Random(SEED)
    await meter(installation, "1000")
    gecs, irecs = installation.registry("cn-gec"), installation.registry("evident")
    assert (await gecs.issue(gec(high=1000))).outcome == "applied"
    kinds = [source.choice(("withdrawn", "retired")) for _ in range(1000 // PIECE)]
    done = asyncio.Event()

    async def take_back() -> None:
        for number, kind in enumerate(kinds):
            low = number * PIECE
            await gecs.tell(kind, low, low + PIECE)
        done.set()

    async def watch() -> int:
        looks = 0
        while not done.is_set():
            holds, by_route = await live_claims(installation)
            assert sum(by_route.values()) <= holds == 1000, f"seed {SEED}"
            looks += 1
        return looks

    _, outcomes, looks = await asyncio.gather(take_back(), issue_pieces(irecs, gec, 30), watch())
    assert looks > 0
    freed = kinds.count("withdrawn") * PIECE
    rest = [
        (await irecs.issue(gec(scheme="IREC_CN", low=low, high=low + PIECE))).outcome
        for low in range(30 * PIECE, 60 * PIECE, PIECE)
    ]
    _, by_route = await live_claims(installation)
    assert by_route == {"cn-gec": 1000 - freed, "evident": freed}, f"seed {SEED}"
    assert (outcomes + rest).count("applied") == freed // PIECE
