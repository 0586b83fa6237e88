"""What the service does by itself: answers claims, ends reservations, lets units expire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from zerocarbon.certificates.consumers import reference, timers
from zerocarbon.certificates.definition import definition
from zerocarbon.certificates.service import retirements
from zerocarbon.certificates.service.expiry import EXPIRE_RULE, expire_block
from zerocarbon.certificates.service.races import ATTEMPTS
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.consumer.timer import Timer, TimerLeader, set_timer
from zerocarbon.common.eventstore.store import EventStore, VersionConflict
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import Access
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.base import Event, Period
from zerocarbon.contracts.certificate import (
    RetirementAnswered,
    RetirementSubmitted,
    UnitRange,
    UnitsExpired,
    UnitsReleased,
    UnitsRetired,
)
from zerocarbon.contracts.declaration import RetirementRequested
from zerocarbon.contracts.reference import ApiKeyIssued

FACTORY = natural_id("factory", "cell-works")
CREDITS = natural_id("block", "cn-ccer", "A", "0")


@pytest.fixture
def context(installation: Any, tmp_path: Any) -> ServiceContext:
    """The installation as its consumers get it."""
    return ServiceContext(
        name="certificates",
        database=installation.database,
        bus=EmbeddedBus({}),
        data_directory=tmp_path,
        store=installation.store,
        commands=installation.commands,
        access=Access(installation.database, installation.clock),
        authenticators=(),
        business_clock=installation.business_clock,
        system_clock=installation.clock,
    )


@pytest_asyncio.fixture
async def deliver(context: ServiceContext) -> Any:
    """Hands events to the consumers as a worker does."""

    async def hand_over(consumer: str, *events: Event) -> list[str]:
        specs = {spec.name: spec for spec in definition.consumers(context, context.bus)}
        processor: Any = specs[consumer].processor
        records = [
            Record(
                event.TOPIC,
                0,
                number,
                event.key(),
                {"id": natural_id("e", event.data().decode()), "type": event.TYPE},
                event.data(),
            )
            for number, event in enumerate(events)
        ]
        prepared = processor.prepare([RecordRun(records)])
        rejected = [*prepared.rejected]
        if hasattr(processor, "perform"):
            rejected += await processor.perform(prepared.work)
        async with context.database.worker() as session:
            await processor.flush(session, prepared.work)
        return [one.reason for one in rejected]

    return hand_over


def asked(gec: Any, quantity: int = 120, **more: Any) -> RetirementRequested:
    values: dict[str, Any] = {
        "organisation_id": gec().organisation_id,
        "factory_id": FACTORY,
        "claim_id": natural_id("claim"),
        "correlation_id": natural_id("asked", str(quantity)),
        "quantity": quantity,
        "period": Period(start=date(2024, 1, 1), end=date(2025, 1, 1)),
        "deadline": datetime(2025, 6, 20, tzinfo=UTC),
        "outside_boundary": True,
    }
    return RetirementRequested(**{**values, **more})


@pytest.mark.requirement("R182")
async def test_a_claim_gets_its_credits_reserved_and_then_retired(
    installation: Any, gec: Any, ccer: Any, deliver: Any
) -> None:
    registry, request = installation.registry("cn-ccer"), asked(gec)
    await registry.issue(ccer())
    for _ in range(2):
        assert await deliver("certificates-claims", request) == []
    (answer,) = await installation.events(RetirementAnswered)
    assert answer.accepted
    assert answer.ranges == [UnitRange(block_id=CREDITS, low=0, high=120)]
    (submitted,) = await installation.events(RetirementSubmitted)
    assert (submitted.registry, submitted.purpose) == ("cn-ccer", "neutrality-claim")

    await registry.tell("retired", 0, 120, correlation_id=request.correlation_id)
    (retired,) = await installation.events(UnitsRetired)
    assert (retired.unit, retired.high - retired.low, retired.correlation_id) == (
        "tCO2e",
        120,
        request.correlation_id,
    )


REFUSED_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"quantity": 5000}, "not-enough-units"),
    ({"outside_boundary": False}, "DC23"),
    ({"deadline": datetime(2025, 6, 15, tzinfo=UTC)}, "deadline"),
    ({"factory_id": natural_id("factory", "elsewhere")}, "DC18"),
    ({"ranges": [UnitRange(block_id=CREDITS, low=900, high=1020)]}, "not-held"),
    ({"ranges": [UnitRange(block_id=CREDITS, low=0, high=119)]}, "quantity-of-ranges"),
    ({"ranges": [UnitRange(block_id=CREDITS, low=120, high=1)]}, "range"),
    (
        {"ranges": [UnitRange(block_id=natural_id("block", "cn-gec", "A", "0"), low=0, high=120)]},
        "DC12",
    ),
]


@pytest.mark.requirement("R180", "R208")
async def test_a_claim_learns_why_it_gets_nothing(
    installation: Any, gec: Any, ccer: Any, deliver: Any
) -> None:
    await installation.registry("cn-ccer").issue(ccer())
    await installation.registry().issue(gec())
    requests = [
        asked(gec, **{"correlation_id": natural_id("refused", str(number)), **changes})
        for number, (changes, _) in enumerate(REFUSED_CLAIMS)
    ]
    await deliver("certificates-claims", *requests)
    answers = await installation.events(RetirementAnswered)
    assert not any(answer.accepted for answer in answers)
    rules = [{reason.partition(": ")[0] for reason in answer.reasons} for answer in answers]
    assert rules == [{rule} for _, rule in REFUSED_CLAIMS]
    assert {row["state"] for row in await installation.rows("SELECT state FROM holding")} == {"held"}


async def test_a_deadline_frees_what_no_registry_confirmed(
    installation: Any, gec: Any, ccer: Any, deliver: Any, context: ServiceContext
) -> None:
    registry, request = installation.registry("cn-ccer"), asked(gec)
    await registry.issue(ccer())
    await deliver("certificates-claims", request)
    await registry.tell("retired", 0, 20, correlation_id=request.correlation_id)
    leader = TimerLeader(context.database, context.business_clock, timers.fire(context))
    assert await leader.fire_due() == 0
    installation.clock.set(request.deadline)
    assert await leader.fire_due() == 1
    assert await leader.fire_due() == 0
    (released,) = await installation.events(UnitsReleased)
    assert (released.low, released.high, released.correlation_id) == (20, 120, request.correlation_id)
    assert await installation.tiles(CREDITS) == [(0, 20, "retired"), (20, 120, "held"), (120, 1000, "held")]


async def test_certificates_expire_on_their_day_and_reserved_ones_when_they_are_free(
    installation: Any, gec: Any, make_order: Any, context: ServiceContext
) -> None:
    await installation.registry().issue(gec())
    leader = TimerLeader(context.database, context.business_clock, timers.fire(context))
    installation.clock.set(datetime(2025, 12, 31, tzinfo=UTC))
    order = make_order("late", 0, 100, expires_at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    await installation.run(retirements.reserve(installation.store, order, submit=False))
    assert await leader.fire_due() == 0
    installation.clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    await leader.fire_due()
    assert await installation.tiles() == [(0, 100, "reserved"), (100, 1000, "expired")]
    installation.clock.set(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=2))
    while await leader.fire_due():
        pass
    assert await installation.tiles() == [(0, 100, "expired"), (100, 1000, "expired")]
    assert len(await installation.events(UnitsExpired)) == 2


class Outrun(EventStore):
    """A store in which somebody else is faster with a block, a number of times."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def append(self, connection: Any, appends: Any, recorded_at: datetime) -> list[int]:
        if self.times:
            self.times -= 1
            raise VersionConflict([append.stream for append in appends])
        return await super().append(connection, appends, recorded_at)


async def test_an_expiry_that_loses_races_tries_again_and_gives_up_after_some(
    installation: Any, gec: Any
) -> None:
    await installation.registry().issue(gec())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    installation.clock.set(now)
    timer = Timer(f"block/{installation.block_id}", EXPIRE_RULE, now, gec().organisation_id)
    parts = (installation.business_clock, timer)
    with pytest.raises(VersionConflict):
        await expire_block(installation.database, Outrun(ATTEMPTS), *parts)
    assert await installation.tiles() == [(0, 1000, "held")]
    await expire_block(installation.database, Outrun(ATTEMPTS - 1), *parts)
    assert await installation.tiles() == [(0, 1000, "expired")]


async def test_a_block_that_cannot_expire_does_not_keep_others_from_it(
    installation: Any, gec: Any, context: ServiceContext
) -> None:
    await installation.registry().issue(gec())
    due = datetime(2025, 12, 31, tzinfo=UTC)
    unknown = Timer(f"block/{natural_id('nobody')}", EXPIRE_RULE, due, gec().organisation_id)
    async with installation.database.worker() as session:
        await set_timer(session.connection, unknown)
    installation.clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    leader = TimerLeader(context.database, context.business_clock, timers.fire(context))
    assert await leader.fire_due() == 1
    assert await installation.tiles() == [(0, 1000, "expired")]
    (waiting,) = await installation.rows("SELECT subject FROM timer WHERE fired_at IS NULL")
    assert waiting["subject"] == unknown.subject


@pytest.mark.requirement("R180")
async def test_a_credit_from_the_factorys_own_site_serves_no_claim_of_that_factory(
    installation: Any, gec: Any, ccer: Any, deliver: Any
) -> None:
    elsewhere = natural_id("factory", "module-works")
    registry = installation.registry("cn-ccer")
    for number, site in enumerate((FACTORY, elsewhere)):
        project = ccer().project.model_copy(update={"site_factory_id": site, "code": f"roof-{number}"})
        await registry.issue(ccer(low=number * 1000, high=number * 1000 + 1000), project=project)
    own, other = CREDITS, natural_id("block", "cn-ccer", "A", "1000")
    requests = [
        asked(gec, correlation_id=natural_id("named"), ranges=[UnitRange(block_id=own, low=0, high=120)]),
        asked(gec, quantity=1001, correlation_id=natural_id("chosen")),
        asked(gec, quantity=1000, correlation_id=natural_id("fits")),
    ]
    await deliver("certificates-claims", *requests)
    named, chosen, fits = await installation.events(RetirementAnswered)
    assert [reason.partition(": ")[0] for reason in named.reasons] == ["DC23"]
    assert chosen.reasons == [
        "not-enough-units: 1000 of 1001 tCO2e are free for this claim; others are held back by DC23"
    ]
    # The oldest would be the one on the site: what is free elsewhere is taken instead.
    assert fits.ranges == [UnitRange(block_id=other, low=1000, high=2000)]
    assert await installation.tiles(own) == [(0, 1000, "held")]


async def test_notices_off_the_topic_are_those_of_the_webhook(
    installation: Any, gec: Any, deliver: Any
) -> None:
    registry = installation.registry()
    first, second = registry.issue_notice(gec()), registry.issue_notice(gec(low=1000, high=1001))
    assert await deliver("certificates-registry-inbound", second, first, first) == []
    assert len(await installation.rows("SELECT FROM block")) == 2
    other = first.model_copy(update={"reference": "another"})
    (reason,) = await deliver("certificates-registry-inbound", other)
    assert "number 1 was another notice" in reason


async def test_keys_come_from_the_reference_topic(installation: Any, gec: Any, deliver: Any) -> None:
    key = ApiKeyIssued(
        organisation_id=gec().organisation_id,
        api_key_id=natural_id("key"),
        principal_id=natural_id("preparer"),
        roles=["preparer"],
        key_sha256="0" * 64,
        expires_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert await deliver(reference.NAME, key, key) == []
    assert len(await installation.rows("SELECT FROM api_key")) == 1
