"""The fold: any order, any batching, the same sums."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal, Inexact
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.fold import (
    Delta,
    NoInterval,
    Series,
    Sums,
    bucket_of,
    calendar_day,
    day_number,
    delta_of_record,
    deltas_of_correction,
    deltas_of_readings,
    digest,
    sums_known_on,
)

HOUR = 3600
START = 1704038400  # 2024-01-01 00:00 in Shanghai
JANUARY = day_number(date(2024, 1, 31))
MARCH = day_number(date(2024, 3, 31))

quantities = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
series = st.builds(
    Series,
    source=st.sampled_from(["a/grid", "a/pv", "b/grid"]),
    start=st.integers(0, 40).map(lambda step: START + 900 * step),
    interval_seconds=st.sampled_from([300, 900, 1800, 3600, 5400, 86400]),
    bucket_seconds=st.just(HOUR),
    recorded_day=st.sampled_from([JANUARY, MARCH]),
    values=st.lists(quantities, min_size=1, max_size=6),
)


def folded(blocks: list[Series]) -> Sums:
    sums = Sums()
    sums.add_series(blocks)
    return sums


@given(st.lists(series, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_the_digest(blocks: list[Series], random: Random) -> None:
    shuffled = list(blocks)
    random.shuffle(shuffled)
    assert digest(folded(shuffled)) == digest(folded(blocks))


@given(st.lists(series, max_size=12), st.integers(1, 5))
def test_batching_does_not_change_the_digest(blocks: list[Series], size: int) -> None:
    merged = Sums()
    for low in range(0, len(blocks), size):
        merged.merge(folded(blocks[low : low + size]))
    assert digest(merged) == digest(folded(blocks))


@given(st.lists(series, max_size=6))
def test_one_reading_at_a_time_gives_the_digest_of_whole_blocks(blocks: list[Series]) -> None:
    singles = [
        block._replace(start=block.start + number * block.interval_seconds, values=[value])
        for block in blocks
        for number, value in enumerate(block.values)
    ]
    assert digest(folded(singles)) == digest(folded(blocks))


@given(st.lists(series, max_size=8))
def test_no_quantity_is_lost_or_made(blocks: list[Series]) -> None:
    given_total = sum((value for block in blocks for value in block.values), Decimal(0))
    assert sum((quantity for _, quantity in folded(blocks).items()), Decimal(0)) == given_total


@given(st.lists(quantities, min_size=1, max_size=8), st.data())
def test_a_correction_leaves_the_sums_of_the_corrected_values(
    old: list[Decimal], data: st.DataObject
) -> None:
    new = data.draw(st.lists(quantities, min_size=len(old), max_size=len(old)))
    corrected = Sums()
    corrected.add(deltas_of_readings("a/grid", START, 900, old, JANUARY))
    corrected.add(deltas_of_correction("a/grid", START, 900, old, new, recorded_day=JANUARY))
    plain = Sums()
    plain.add(deltas_of_readings("a/grid", START, 900, new, JANUARY))
    assert digest(corrected) == digest(plain)


def test_quarter_hours_fall_into_their_utc_hour() -> None:
    values = [Decimal(text) for text in ("1.5", "2.25", "0", "3", "10")]
    assert deltas_of_readings("a/grid", START, 900, values, JANUARY) == [
        Delta("a/grid", START, START + HOUR, Decimal("6.75"), JANUARY),
        Delta("a/grid", START + HOUR, START + 2 * HOUR, Decimal(10), JANUARY),
    ]


def test_a_zone_with_an_odd_offset_keeps_quarter_hours() -> None:
    deltas = deltas_of_readings("a/grid", START, 300, [Decimal(1)] * 6, JANUARY, bucket_seconds=900)
    assert [(delta.bucket_start, delta.quantity) for delta in deltas] == [(START, 3), (START + 900, 3)]


@pytest.mark.parametrize(
    ("start", "end", "bucket"),
    [
        (START, START + HOUR, (START, START + HOUR)),
        (START + 60, START + 61, (START, START + HOUR)),
        (START, START + 86400, (START, START + 86400)),
        (START + 3000, START + 3900, (START + 3000, START + 3900)),  # straddles two hours: never split
    ],
)
def test_what_does_not_fit_an_hour_keeps_its_own_interval(
    start: int, end: int, bucket: tuple[int, int]
) -> None:
    assert bucket_of(start, end) == bucket


def test_a_record_revised_moves_by_the_difference() -> None:
    first = delta_of_record("a/gas", START, START + 86400, Decimal("120.5"), JANUARY)
    later = delta_of_record("a/gas", START, START + 86400, Decimal(118), MARCH, previous=Decimal("120.5"))
    assert (first.quantity, later.quantity) == (Decimal("120.5"), Decimal("-2.5"))


def test_what_was_known_on_a_date_ignores_later_facts() -> None:
    sums = Sums()
    sums.add([delta_of_record("a/gas", START, START + HOUR, Decimal(100), JANUARY)])
    sums.add([delta_of_record("a/gas", START, START + HOUR, Decimal(90), MARCH, previous=Decimal(100))])
    before = sums_known_on(sums, date(2024, 3, 30))
    assert [quantity for _, quantity in before.items()] == [Decimal(100)]
    assert sum(quantity for _, quantity in sums_known_on(sums, date(2024, 3, 31)).items()) == 90
    assert calendar_day(MARCH) == date(2024, 3, 31)


def test_sums_that_cancel_leave_no_trace_in_the_digest() -> None:
    sums = Sums()
    sums.add([Delta("a/grid", START, START + HOUR, Decimal("1.10"), JANUARY)])
    sums.add([Delta("a/grid", START, START + HOUR, Decimal("-1.1"), JANUARY)])
    assert digest(sums) == digest(Sums())


def test_the_digest_is_of_names_that_people_chose() -> None:
    sums = folded([Series("id-1", START, 900, HOUR, JANUARY, [Decimal(1)])])
    assert digest(sums.renamed({"id-1": "a/grid"})) == digest(
        folded([Series("a/grid", START, 900, HOUR, JANUARY, [Decimal("1.0")])])
    )


def test_a_published_digest_does_not_change() -> None:
    sums = folded([Series("a/grid", START, 900, HOUR, JANUARY, [Decimal("1.5"), Decimal("2.25")])])
    # SHA-256 of ["a/grid",1704038400,1704042000,19753,"3.75"] and a line feed.
    line = '["a/grid",1704038400,1704042000,19753,"3.75"]\n'
    assert digest(sums) == hashlib.sha256(line.encode()).hexdigest()


def test_a_digit_that_would_be_lost_raises() -> None:
    sums = folded([Series("a/grid", START, 900, HOUR, JANUARY, [Decimal(10) ** 30])])
    with pytest.raises(Inexact):
        sums.add([Delta("a/grid", START, START + HOUR, Decimal("0.00001"), JANUARY)])


def test_a_fact_without_duration_is_refused() -> None:
    with pytest.raises(NoInterval):
        delta_of_record("a/gas", START, START, Decimal(1), JANUARY)
    with pytest.raises(NoInterval):
        folded([Series("a/grid", START, 0, HOUR, JANUARY, [Decimal(1)])])
