"""Who may set units aside for which claim."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zerocarbon.certificates.domain.choice import Candidate, choose
from zerocarbon.certificates.domain.reserve import ReserveUnits, reserve_units
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.vintage import Vintage
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Refused
from zerocarbon.contracts.certificate import Project


def rules(command: ReserveUnits, block: Any) -> set[str]:
    """The rules that stand against a reservation."""
    try:
        reserve_units(command, block, schemes()[block.scheme])
    except Refused as refused:
        return {violation.rule for violation in refused.violations}
    return set()


def test_reserved_units_are_cut_out_without_loss(gec: Any, given: Any, reserve: Any) -> None:
    block = given([gec()])
    events = reserve_units(reserve(100, 300), block, schemes()["GEC"])
    after = given([gec(), *events])
    assert [(tile.range, tile.state) for tile in after.holdings] == [
        (SerialRange(0, 100), "held"),
        (SerialRange(100, 300), "reserved"),
        (SerialRange(300, 1000), "held"),
    ]


def test_a_unit_is_reserved_once(gec: Any, given: Any, reserve: Any) -> None:
    block = given([gec(), *reserve_units(reserve(0, 100), given([gec()]), schemes()["GEC"])])
    assert rules(reserve(99, 101, request="second"), block) == {"DC09"}
    assert rules(reserve(100, 101, request="second"), block) == set()


def test_units_of_others_and_units_that_are_not_there_look_the_same(
    gec: Any, given: Any, reserve: Any
) -> None:
    block = given([gec()])
    stranger = reserve(0, 100, organisation_id=natural_id("organisation", "stranger"))
    outside = reserve(900, 1001)
    assert rules(stranger, block) == rules(outside, block) == {"not-held"}


@pytest.mark.requirement("R208")
def test_mwh_never_meet_tonnes(gec: Any, ccer: Any, given: Any, reserve: Any) -> None:
    assert rules(reserve(purpose="neutrality-claim"), given([gec()])) == {"DC12"}
    assert rules(reserve(purpose="scope2-claim"), given([ccer()])) == {"R208"}
    assert rules(reserve(purpose="neutrality-claim"), given([ccer()])) == set()


def test_certificates_serve_the_period_in_which_they_were_generated(
    gec: Any, ccer: Any, given: Any, reserve: Any
) -> None:
    next_year = (date(2025, 1, 1), date(2026, 1, 1))
    assert rules(reserve(period=next_year), given([gec()])) == {"DC14"}
    # A credit of an earlier vintage is right: its reduction has to precede the claim.
    assert rules(reserve(period=next_year, purpose="neutrality-claim"), given([ccer()])) == set()


def test_certificates_serve_the_market_of_their_plant(gec: Any, given: Any, reserve: Any) -> None:
    assert rules(reserve(country="VN"), given([gec()])) == {"DC15"}


@pytest.mark.parametrize(
    ("month", "last_day"),
    [
        (date(2024, 1, 1), date(2025, 12, 31)),
        (date(2024, 6, 1), date(2026, 5, 31)),
        (date(2024, 7, 1), date(2026, 6, 30)),
        (date(2022, 5, 1), date(2025, 12, 31)),
    ],
)
def test_gec_expire_two_years_after_their_month(
    gec: Any, given: Any, reserve: Any, month: date, last_day: date
) -> None:
    block = given([gec(vintage_start=month, vintage_end=date(month.year, month.month + 1, 1))])
    period = (date(month.year, 1, 1), date(month.year + 1, 1, 1))
    assert rules(reserve(period=period, today=last_day), block) == set()
    day_after = date.fromordinal(last_day.toordinal() + 1)
    assert rules(reserve(period=period, today=day_after), block) == {"DC16"}


@pytest.mark.parametrize("scheme", ["GEC", "GEC_NT"])
def test_the_24_months_of_a_gec_begin_with_the_month_of_generation_and_that_is_from_memory(
    gec: Any, given: Any, reserve: Any, scheme: str
) -> None:
    validity = schemes()[scheme].validity
    assert validity is not None
    july = Vintage(date(2024, 7, 1), date(2024, 8, 1))
    assert (validity.months, validity.first_day_after(july)) == (24, date(2026, 7, 1))
    assert validity.counting.with_month_of_generation
    assert (validity.source.confidence, validity.counting.source.confidence) == ("verified", "memory")
    assert validity.breach(july, date(2026, 6, 30)) is None
    in_doubt, beyond = (validity.breach(july, date(2026, month, 31)) for month in (7, 8))
    assert in_doubt is not None
    assert beyond is not None
    assert in_doubt.rule == beyond.rule == "DC16"
    assert "from memory" in in_doubt.message
    assert "from memory" not in beyond.message
    # Where the reading makes no difference, none is named.
    of_2023 = validity.breach(Vintage(date(2023, 5, 1), date(2023, 6, 1)), date(2026, 1, 1))
    assert of_2023 is not None
    assert "from memory" not in of_2023.message


@pytest.mark.requirement("R180")
def test_a_project_inside_the_boundary_offsets_nothing(ccer: Any, given: Any, reserve: Any) -> None:
    command = reserve(purpose="neutrality-claim")
    inside = Project.model_validate(
        {**ccer().project.model_dump(), "site_factory_id": command.claim.factory_id}
    )
    assert rules(command, given([ccer(project=inside)])) == {"DC23"}


@pytest.mark.requirement("R134")
@pytest.mark.parametrize(("first", "second"), [("quota", "scope2-claim"), ("scope2-claim", "quota")])
def test_a_certificate_serves_the_quota_or_a_voluntary_claim(
    gec: Any, given: Any, reserve: Any, first: str, second: str
) -> None:
    events = reserve_units(reserve(0, 10, first), given([gec()]), schemes()["GEC"])
    assert events[0].purpose == first
    assert rules(reserve(0, 10, second, request="second"), given([gec(), *events])) == {"DC09"}


def test_the_oldest_vintage_goes_first_whatever_the_order_of_the_candidates() -> None:
    def candidate(name: str, low: int, high: int, month: int, expires: int = 1) -> Candidate:
        vintage, expiry = date(2024, month, 1), date(2026, expires, 1)
        return Candidate(name, "cn-gec", "A", SerialRange(low, high), vintage, expiry)

    march, january, early = candidate("c", 0, 50, 3), candidate("a", 0, 40, 1, 6), candidate("b", 100, 130, 1)
    expected = [("b", SerialRange(100, 130)), ("a", SerialRange(0, 40)), ("c", SerialRange(0, 5))]
    for order in ([march, january, early], [early, march, january]):
        assert [(one.block_id, one.range) for one in choose(order, 75)] == expected
    assert sum(one.range.quantity for one in choose([march], 75)) == 50
