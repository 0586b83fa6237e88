"""From a reservation to a retirement that nothing frees again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zerocarbon.certificates.domain.expire import ExpireUnits, expire_units
from zerocarbon.certificates.domain.release import ReleaseUnits, release_units
from zerocarbon.certificates.domain.reserve import reserve_units
from zerocarbon.certificates.domain.retire import (
    ConfirmRetirement,
    SubmitRetirement,
    confirm_retirement,
    submit_retirement,
)
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.transfer import TransferUnits, transfer_units
from zerocarbon.certificates.domain.withdraw import WithdrawUnits, withdraw_units
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Refused
from zerocarbon.contracts.certificate import UnitsReleased, UnitsRetired, UnitsWithdrawn

FIRST, SECOND = natural_id("request", "first"), natural_id("request", "second")


@pytest.fixture
def reserved(gec: Any, given: Any, reserve: Any) -> list[Any]:
    """A block whose units 100 to 300 are reserved for the first request."""
    return [gec(), *reserve_units(reserve(100, 300), given([gec()]), schemes()["GEC"])]


@pytest.fixture
def confirm(reserve: Any) -> Any:
    """The registry's confirmation for a request."""

    def command(low: int, high: int, correlation_id: str = FIRST) -> ConfirmRetirement:
        asked = reserve()
        retirement = natural_id("retirement", correlation_id, str(low))
        return ConfirmRetirement(
            SerialRange(low, high),
            asked.organisation_id,
            correlation_id,
            retirement,
            asked.claim,
            date(2025, 6, 16),
            "R-77",
        )

    return command


def states(block: Any) -> list[tuple[int, int, str]]:
    return [(tile.range.low, tile.range.high, tile.state) for tile in block.holdings]


def test_a_retirement_goes_out_once(reserved: list[Any], given: Any) -> None:
    submitted = submit_retirement(SubmitRetirement(FIRST), given(reserved))
    assert [(event.low, event.high, event.registry) for event in submitted] == [(100, 300, "cn-gec")]
    assert submit_retirement(SubmitRetirement(FIRST), given([*reserved, *submitted])) == []


def test_only_the_registry_makes_a_retirement_final(reserved: list[Any], given: Any, confirm: Any) -> None:
    block = given(reserved)
    events = confirm_retirement(confirm(100, 300), block)
    (retired,) = events
    assert isinstance(retired, UnitsRetired)
    assert retired.registry_reference == "R-77"
    assert states(given([*reserved, *events])) == [
        (0, 100, "held"),
        (100, 300, "retired"),
        (300, 1000, "held"),
    ]


def test_the_registry_may_confirm_in_parts(reserved: list[Any], given: Any, confirm: Any) -> None:
    half = confirm_retirement(confirm(100, 200), given(reserved))
    assert states(given([*reserved, *half]))[1:3] == [(100, 200, "retired"), (200, 300, "reserved")]


def test_a_retired_unit_serves_nothing_else(
    reserved: list[Any], given: Any, confirm: Any, reserve: Any
) -> None:
    done = [*reserved, *confirm_retirement(confirm(100, 300), given(reserved))]
    block = given(done)
    with pytest.raises(Refused, match="DC09"):
        reserve_units(reserve(100, 101, request="second"), block, schemes()["GEC"])
    with pytest.raises(Refused, match="DC09"):
        confirm_retirement(confirm(100, 101, SECOND), block)
    assert release_units(ReleaseUnits(FIRST, "called back"), block) == []
    assert expire_units(ExpireUnits(date(2030, 1, 1)), block, schemes()["GEC"])[0].high == 100


def test_more_than_was_reserved_can_be_confirmed_only_out_of_the_same_holding(
    reserved: list[Any], given: Any, confirm: Any
) -> None:
    with pytest.raises(Refused, match="DC18"):
        confirm_retirement(confirm(900, 1001), given(reserved))


def test_a_release_frees_the_units(reserved: list[Any], given: Any) -> None:
    events = release_units(ReleaseUnits(FIRST, "time is over"), given(reserved))
    assert {state for _, _, state in states(given([*reserved, *events]))} == {"held"}


def test_a_late_confirmation_stands_and_takes_the_units_from_who_reserved_them_meanwhile(
    reserved: list[Any], given: Any, confirm: Any, reserve: Any
) -> None:
    freed = [*reserved, *release_units(ReleaseUnits(FIRST, "time is over"), given(reserved))]
    again = [*freed, *reserve_units(reserve(150, 250, request="second"), given(freed), schemes()["GEC"])]
    lost, retired = confirm_retirement(confirm(100, 300), given(again))
    assert isinstance(lost, UnitsReleased)
    assert (lost.low, lost.high, lost.correlation_id) == (150, 250, SECOND)
    assert isinstance(retired, UnitsRetired)
    assert states(given([*again, lost, retired]))[0:1] == [(0, 100, "held")]
    assert (
        sum(high - low for low, high, state in states(given([*again, lost, retired])) if state == "retired")
        == 200
    )


def test_a_withdrawal_voids_a_retirement_and_frees_nothing(
    reserved: list[Any], given: Any, confirm: Any
) -> None:
    done = [*reserved, *confirm_retirement(confirm(100, 200), given(reserved))]
    events = withdraw_units(WithdrawUnits(SerialRange(50, 250), "issued in error", "void"), given(done))
    assert [type(event) for event in events] == [
        UnitsReleased,
        UnitsWithdrawn,
        UnitsWithdrawn,
        UnitsWithdrawn,
    ]
    voided = [event.retirement_id for event in events if isinstance(event, UnitsWithdrawn)]
    assert voided == [None, natural_id("retirement", FIRST, "100"), None]
    block = given([*done, *events])
    assert states(block)[0] == (0, 50, "held")
    assert {state for low, _, state in states(block) if 50 <= low < 250} == {"cancelled"}
    assert withdraw_units(WithdrawUnits(SerialRange(50, 250), "again", "void"), block) == []


def test_free_units_expire_on_their_day_and_reserved_ones_wait(reserved: list[Any], given: Any) -> None:
    gec = schemes()["GEC"]
    assert expire_units(ExpireUnits(date(2025, 12, 31)), given(reserved), gec) == []
    events = expire_units(ExpireUnits(date(2026, 1, 1)), given(reserved), gec)
    assert [(event.low, event.high) for event in events] == [(0, 100), (300, 1000)]
    assert states(given([*reserved, *events]))[1] == (100, 300, "reserved")


def test_a_gec_moves_once_and_the_rule_says_that_it_is_from_memory(gec: Any, given: Any) -> None:
    owner, buyer, third = gec().organisation_id, natural_id("o", "buyer"), natural_id("o", "third")

    def move(source: str, target: str) -> TransferUnits:
        return TransferUnits(SerialRange(0, 100), source, target, "T-1")

    once = [gec(), *transfer_units(move(owner, buyer), given([gec()]), schemes()["GEC"])]
    assert [tile.organisation_id for tile in given(once).holdings] == [buyer, owner]
    with pytest.raises(Refused, match="from memory"):
        transfer_units(move(buyer, third), given(once), schemes()["GEC"])
    with pytest.raises(Refused, match="transfer-to-self"):
        transfer_units(move(owner, owner), given([gec()]), schemes()["GEC"])
    with pytest.raises(Refused, match="GEC_NT-no-transfer"):
        transfer_units(move(owner, buyer), given([gec(scheme="GEC_NT")]), schemes()["GEC_NT"])
