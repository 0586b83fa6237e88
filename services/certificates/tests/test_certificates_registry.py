"""Notices of registries: each once, in order, and what the rules make of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from zerocarbon.certificates.service import provisional_blocks, retirements
from zerocarbon.certificates.service.metering import register_metered
from zerocarbon.certificates.service.registry.notices import SequenceGap
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Conflict
from zerocarbon.contracts.alert import AlertRaised
from zerocarbon.contracts.certificate import (
    BlockIssued,
    UnitsReleased,
    UnitsRetired,
    UnitsTransferred,
    UnitsWithdrawn,
)

OTHER = natural_id("organisation", "other")


def rules(taken: Any) -> set[str]:
    """The rules that a refused notice broke."""
    assert taken.outcome == "refused"
    return {error["rule"] for error in taken.answer["errors"]}


async def test_a_notice_counts_once_however_often_it_comes(installation: Any, gec: Any) -> None:
    notice = installation.registry().issue_notice(gec())
    first = await installation.notices.take(notice)
    assert first.outcome == "applied"
    assert await installation.notices.take(notice) == first
    assert len(await installation.events(BlockIssued)) == 1
    with pytest.raises(Conflict):
        await installation.notices.take(notice.model_copy(update={"high": 2000}))


async def test_a_gap_stops_that_registry_alone_and_alarms_once(installation: Any, gec: Any) -> None:
    registry, another = installation.registry(), installation.registry("evident")
    first, second = registry.issue_notice(gec()), registry.issue_notice(gec(low=1000, high=1100))
    for _ in range(2):
        with pytest.raises(SequenceGap) as gap:
            await installation.notices.take(second)
        assert gap.value.expected == 1
    (alert,) = await installation.events(AlertRaised)
    assert (alert.rule, alert.severity) == ("registry-gap", "alarm")

    free = another.issue_notice(gec(scheme="IREC_CN", registry="evident"), project=_plant(gec(), "sun-07"))
    assert (await installation.notices.take(free)).outcome == "applied"
    assert (await installation.notices.take(first)).outcome == "applied"
    assert (await installation.notices.take(second)).outcome == "applied"


async def test_early_notices_of_the_topic_wait_for_their_turn(installation: Any, gec: Any) -> None:
    registry = installation.registry()
    notices = [registry.issue_notice(gec(low=low, high=low + 100)) for low in (0, 100, 200)]
    for notice in (notices[2], notices[1], notices[2], notices[0]):
        await installation.notices.take_or_keep(notice)
    issued = await installation.events(BlockIssued)
    assert [event.low for event in issued] == [0, 100, 200]
    assert await installation.rows("SELECT FROM registry_early_notice") == []


async def test_a_notice_against_the_rules_is_refused_and_its_number_is_used(
    installation: Any, gec: Any
) -> None:
    registry = installation.registry("evident")
    subsidised = _plant(gec(), "sun-07", subsidised=True)
    taken = await registry.issue(gec(scheme="IREC_CN"), project=subsidised)
    assert rules(taken) == {"R186"}
    (alert,) = await installation.events(AlertRaised)
    assert alert.rule == "R186"
    assert (await registry.issue(gec(scheme="IREC_CN"))).outcome == "applied"
    assert rules(await registry.tell("issued", 0, 10)) == {"missing"}
    assert rules(await registry.tell("issued", 5, 2, scheme="VCS")) == {"R188"}
    assert rules(await registry.tell("retired", 5000, 5001)) == {"R182"}
    assert rules(await registry.tell("withdrawn", 2, 2)) == {"range"}


@pytest.mark.requirement("R132")
async def test_one_mwh_is_a_gec_or_an_irec(installation: Any, gec: Any) -> None:
    await installation.registry().issue(gec())
    registry = installation.registry("evident")
    assert rules(await registry.issue(gec(scheme="IREC_CN"))) == {"DC01"}
    june = {"vintage_start": date(2024, 6, 1), "vintage_end": date(2024, 7, 1), "issued_on": date(2024, 8, 1)}
    assert (await registry.issue(gec(scheme="IREC_CN", **june))).outcome == "applied"


@pytest.mark.requirement("R132")
async def test_what_was_metered_may_be_shared_and_not_exceeded(installation: Any, gec: Any) -> None:
    async def meter(mwh: str) -> Any:
        return await register_metered(
            installation.database,
            installation.store,
            installation.business_clock,
            "wind-01",
            date(2024, 1, 1),
            Decimal(mwh),
            Decimal("0.4"),
        )

    await meter("1500")
    registry = installation.registry("evident")
    await installation.registry().issue(gec())
    assert (await registry.issue(gec(scheme="IREC_CN", high=500))).outcome == "applied"
    assert rules(await registry.issue(gec(scheme="IREC_CN", low=500, high=501))) == {"DC01"}
    assert (await meter("1400")).shortfall_mwh == Decimal("99.6")
    alerts = [alert.rule for alert in await installation.events(AlertRaised)]
    assert alerts == ["DC01", "generation-shortfall"]
    assert rules(await registry.issue(gec(scheme="IREC_CN", low=500, high=501))) == {"DC01"}


async def test_a_serial_number_is_not_issued_again(installation: Any, gec: Any) -> None:
    registry = installation.registry()
    await registry.issue(gec())
    assert rules(await registry.issue(gec(low=999, high=1200))) == {"R187"}


async def test_a_project_of_a_carbon_mechanism_gets_no_irec_and_no_second_claim(
    installation: Any, gec: Any, ccer: Any
) -> None:
    await installation.registry("cn-ccer").issue(ccer())
    project = _plant(gec(), "offshore-01", technology="offshore-wind")
    refused = await installation.registry("evident").issue(gec(scheme="IREC_CN"), project=project)
    assert rules(refused) == {"DC03"}
    gecs = installation.registry()
    of_2023 = {"vintage_start": date(2023, 12, 1), "vintage_end": date(2024, 1, 1)}
    assert rules(await gecs.issue(gec(**of_2023), project=project)) == {"DC02"}
    assert (await gecs.issue(gec(), project=project)).outcome == "applied"


async def test_a_confirmation_makes_a_retirement_final(installation: Any, gec: Any, make_order: Any) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 300)
    await registry.issue(gec())
    await installation.run(retirements.reserve(installation.store, asked, submit=True))
    await registry.tell("retired", 0, 200, correlation_id=asked.correlation_id)
    assert await _status(installation, asked) == "awaiting-registry"
    await registry.tell("retired", 200, 300, correlation_id=asked.correlation_id)
    assert await _status(installation, asked) == "retired"
    retired = await installation.events(UnitsRetired)
    assert [(event.low, event.high, event.registry_reference) for event in retired] == [
        (0, 200, "R-2"),
        (200, 300, "R-3"),
    ]
    assert retired[0].beneficiary_factory_id == asked.claim.factory_id
    assert await installation.rows("SELECT FROM timer WHERE rule = 'release-reservation'") == []


async def test_units_retired_without_our_request_are_used_elsewhere(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 100)
    await registry.issue(gec())
    await installation.run(retirements.reserve(installation.store, asked, submit=True))
    await registry.tell("retired", 50, 200)
    assert await installation.tiles() == [
        (0, 50, "reserved"),
        (50, 100, "sent-out"),
        (100, 200, "sent-out"),
        (200, 1000, "held"),
    ]
    assert [event.correlation_id for event in await installation.events(UnitsReleased)] == [
        asked.correlation_id
    ]
    (alert,) = await installation.events(AlertRaised)
    assert (alert.rule, alert.organisation_id) == ("units-withdrawn", asked.organisation_id)
    assert {event.cause for event in await installation.events(UnitsWithdrawn)} == {"used-elsewhere"}
    assert await _claimed_mwh(installation) == 1000


@pytest.mark.requirement("R132")
async def test_what_was_used_elsewhere_is_not_free_for_another_scheme(installation: Any, gec: Any) -> None:
    gecs, irecs = installation.registry(), installation.registry("evident")
    await gecs.issue(gec())
    assert rules(await irecs.issue(gec(scheme="IREC_CN", high=100))) == {"DC01"}
    await gecs.tell("retired", 0, 100)
    assert rules(await irecs.issue(gec(scheme="IREC_CN", high=100))) == {"DC01"}
    await gecs.tell("retired", 0, 100)
    assert await _claimed_mwh(installation) == 1000
    # Only when the registry says that the issue itself does not stand is the generation there again, once.
    await gecs.tell("withdrawn", 0, 100, reason="issued in error")
    await gecs.tell("withdrawn", 0, 100, reason="issued in error")
    assert await _claimed_mwh(installation) == 900
    assert (await irecs.issue(gec(scheme="IREC_CN", high=100))).outcome == "applied"
    assert rules(await irecs.issue(gec(scheme="IREC_CN", low=100, high=101))) == {"DC01"}
    assert await installation.tiles() == [(0, 100, "cancelled"), (100, 1000, "held")]


async def test_what_was_used_elsewhere_still_keeps_its_plant_from_a_credit(
    installation: Any, gec: Any, ccer: Any
) -> None:
    project = _plant(gec(), "offshore-01", technology="offshore-wind")
    of_2023 = {"vintage_start": date(2023, 12, 1), "vintage_end": date(2024, 1, 1)}
    gecs, credits_ = installation.registry(), installation.registry("cn-ccer")
    await gecs.issue(gec(**of_2023), project=project)
    await gecs.tell("retired", 0, 1000)
    assert rules(await credits_.issue(ccer())) == {"DC02"}
    await gecs.tell("withdrawn", 0, 1000, reason="issued in error")
    assert (await credits_.issue(ccer())).outcome == "applied"


async def test_a_withdrawal_after_the_fact_voids_the_retirement(
    installation: Any, gec: Any, make_order: Any
) -> None:
    registry, asked = installation.registry(), make_order("first", 0, 100)
    await registry.issue(gec())
    await installation.run(retirements.reserve(installation.store, asked, submit=True))
    await registry.tell("retired", 0, 100, correlation_id=asked.correlation_id)
    await registry.tell("withdrawn", 0, 10, reason="issued in error")
    (retired,) = await installation.events(UnitsRetired)
    (withdrawn,) = await installation.events(UnitsWithdrawn)
    assert withdrawn.retirement_id == retired.retirement_id
    assert (await installation.events(AlertRaised))[0].severity == "alarm"
    assert await _claimed_mwh(installation) == 990


async def test_a_transfer_moves_units_out_of_sight(installation: Any, gec: Any) -> None:
    registry = installation.registry()
    await registry.issue(gec())
    assert rules(await registry.tell("transferred", 0, 100)) == {"missing"}
    await registry.tell("transferred", 0, 100, holder_organisation_id=OTHER)
    (moved,) = await installation.events(UnitsTransferred)
    assert moved.to_organisation_id == OTHER
    async with installation.database.request(OTHER) as session:
        seen = await session.connection.fetch("SELECT low, high FROM holding")
    assert [tuple(row) for row in seen] == [(0, 100)]
    again = await registry.tell("transferred", 0, 10, holder_organisation_id=natural_id("third"))
    assert rules(again) == {"GEC-one-transfer"}


@pytest.mark.requirement("R125", "R182")
async def test_what_a_tenant_types_in_blocks_nobody_and_tells_nothing(
    installation: Any, gec: Any, make_order: Any
) -> None:
    enter = provisional_blocks.enter_block("GEC", "A", 0, 500)
    mine = await installation.run(enter)
    squatted = await installation.run(enter, organisation_id=OTHER)
    assert mine.status == squatted.status == 201
    refused = await installation.run(
        retirements.reserve(installation.store, make_order("early"), submit=True)
    )
    assert refused.body["errors"][0]["rule"] == "not-held"

    assert (await installation.registry().issue(gec())).outcome == "applied"
    entries = await installation.rows("SELECT organisation_id::text, status FROM provisional_block")
    assert {row["organisation_id"]: row["status"] for row in entries} == {
        gec().organisation_id: "confirmed",
        OTHER: "disputed",
    }
    (alert,) = await installation.events(AlertRaised)
    assert alert.organisation_id == OTHER
    assert gec().organisation_id not in alert.data().decode()


async def _claimed_mwh(installation: Any) -> int:
    (row,) = await installation.rows("SELECT claimed_mwh FROM generation")
    return int(row["claimed_mwh"])


async def _status(installation: Any, asked: Any) -> str:
    (row,) = await installation.rows(
        "SELECT status FROM retirement_request WHERE correlation_id = $1", asked.correlation_id
    )
    return str(row["status"])


def _plant(event: BlockIssued, code: str, **changes: Any) -> Any:
    return event.project.model_copy(update={"code": code, **changes})


async def test_notices_are_recorded_at_the_business_time(installation: Any, gec: Any) -> None:
    await installation.registry().issue(gec())
    (row,) = await installation.rows("SELECT recorded_at FROM event")
    assert row["recorded_at"] == datetime(2025, 6, 15, 8, tzinfo=UTC)
