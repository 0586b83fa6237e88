"""Readings: which may enter, and the events that they become."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.reference import MeterRegistered
from zerocarbon.ingest.domain import series
from zerocarbon.ingest.domain.block import BLOCK, blocks
from zerocarbon.ingest.domain.correction import Stored, correct
from zerocarbon.ingest.domain.reading import Given, Judge, Reading, read
from zerocarbon.ingest.domain.series import Known, Series

NOW = datetime(2025, 6, 1, tzinfo=UTC)
DAY = datetime(2024, 1, 1, tzinfo=UTC)
METER = MeterRegistered(
    factory_id=natural_id("factory", "a"),
    meter_id=natural_id("meter", "a"),
    source_id=natural_id("source", "a"),
    code="m1",
    unit="kWh",
    interval_seconds=900,
)
STEP = timedelta(seconds=900)


def said(*pairs: tuple[object, object]) -> list[Given]:
    return [read(start, value, f"/readings/{number}") for number, (start, value) in enumerate(pairs)]


def broken(*one: Series, known: Known | None = None) -> list[tuple[str, str | None]]:
    _, found = series.admit(one, {"m1": METER}, known or {}, NOW)
    return [(violation.rule, violation.pointer) for violation in found]


def of_meter(given: list[Given], meter: str = "m1", unit: str = "kWh", at: str = "") -> Series:
    return Series(meter, unit, "automatic", given, at)


def test_all_faults_of_a_series_are_named_at_once() -> None:
    given = said(
        ("2024-01-01T00:00:00Z", "NaN"),
        ("2024-01-01T00:15:00Z", "-1"),
        ("2024-01-01T00:20:00Z", "1"),
        ("soon", "1"),
        ("2024-01-01T00:30:00Z", "1"),
    )
    assert broken(of_meter(given)) == [
        ("number", "/readings/0/value"),
        ("negative-quantity", "/readings/1"),
        ("interval-overlap", "/readings/2"),
        ("time", "/readings/3/start"),
    ]


def test_all_faults_of_one_reading_are_named_at_once() -> None:
    assert broken(of_meter(said(("2030-01-01T00:01:00Z", "-1")))) == [
        ("negative-quantity", "/readings/0"),
        ("interval-overlap", "/readings/0"),
        ("future-reading", "/readings/0"),
    ]
    assert broken(of_meter(said(("2024-01-01T00:01:00Z", "Infinity")))) == [
        ("number", "/readings/0/value"),
        ("interval-overlap", "/readings/0"),
    ]
    assert broken(of_meter(said((None, {})))) == [
        ("time", "/readings/0/start"),
        ("number", "/readings/0/value"),
    ]


def test_an_unknown_meter_hides_neither_its_unit_nor_its_readings() -> None:
    given = said(("2030-01-01T00:01:00Z", "-1"))
    assert broken(
        of_meter(given, meter="m9", unit="furlong", at="/series/0"), of_meter(given, unit="kg")
    ) == [
        ("unknown-meter", "/series/0/meter"),
        ("unit-dimension", "/series/0/unit"),
        ("negative-quantity", "/readings/0"),
        ("future-reading", "/readings/0"),
        ("unit-dimension", "/unit"),
        ("negative-quantity", "/readings/0"),
        ("interval-overlap", "/readings/0"),
        ("future-reading", "/readings/0"),
    ]


def test_an_interval_in_two_series_of_one_meter_is_found() -> None:
    given = said(("2024-01-01T00:00:00Z", "1"))
    assert broken(of_meter(given), of_meter(given)) == [("duplicate-interval", "/readings/0")]


def test_a_series_that_is_refused_whole_makes_no_duplicates() -> None:
    given = said(("2024-01-01T00:00:00Z", "1"))
    admitted, found = series.admit([of_meter(given, unit="MWh"), of_meter(given)], {"m1": METER}, {}, NOW)
    assert [violation.rule for violation in found] == ["unit-dimension"]
    assert [len(one.readings) for one in admitted] == [1]


def test_what_is_stored_is_never_overwritten() -> None:
    known = {METER.meter_id: {DAY: Decimal("1.0"), DAY + STEP: Decimal(2)}}
    given = said(("2024-01-01T00:00:00Z", "1"), ("2024-01-01T00:15:00Z", "3"))
    assert [rule for rule, _ in broken(of_meter(given), known=known)] == [
        "duplicate-interval",
        "interval-conflict",
    ]


def test_an_interval_is_read_when_it_has_ended() -> None:
    judge = Judge(STEP, {}, NOW)
    good, found = judge.admit([Reading(NOW - STEP, Decimal(1)), Reading(NOW, Decimal(1))])
    assert ([one.start for one in good], [one.rule for one in found]) == ([NOW - STEP], ["future-reading"])


@pytest.mark.parametrize(
    "start",
    [
        0,
        None,
        "2024-01-01",
        "2024-01-01T00:00:00",
        "2024-13-01T00:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "1e9",
    ],
)
def test_an_instant_has_its_offset(start: object) -> None:
    assert broken(of_meter(said((start, "1")))) == [("time", "/readings/0/start")]


@pytest.mark.parametrize("value", [1, 1.5, float("nan"), None, True, "1e3", "NaN", "", "9" * 25])
def test_a_quantity_is_plain_text(value: object) -> None:
    assert broken(of_meter(said(("2024-01-01T00:00:00Z", value)))) == [("number", "/readings/0/value")]


def test_the_last_year_is_no_fault_of_ours() -> None:
    assert broken(of_meter(said(("9999-12-31T23:45:00Z", "1")))) == [("future-reading", "/readings/0")]


@given(st.sets(st.integers(0, 400), min_size=1, max_size=300), st.randoms(use_true_random=False))
def test_blocks_of_a_shuffled_series_are_the_series(numbers: set[int], random: Random) -> None:
    readings = [Reading(DAY + STEP * number, Decimal(number) / 4) for number in sorted(numbers)]
    shuffled = list(readings)
    random.shuffle(shuffled)
    made = blocks(shuffled, METER, "automatic", NOW)
    assert [
        Reading(block.start + STEP * place, value)
        for block in made
        for place, value in enumerate(block.values)
    ] == readings
    assert made == blocks(readings, METER, "automatic", NOW)
    for block in made:
        last = block.start + STEP * (len(block.values) - 1)
        assert len(block.values) <= BLOCK
        assert last.date() == block.start.date()


def test_a_minute_meter_fills_blocks_of_ninety_six() -> None:
    meter = METER.model_copy(update={"interval_seconds": 60})
    readings = [Reading(DAY + timedelta(minutes=number), Decimal(1)) for number in range(200)]
    assert [len(block.values) for block in blocks(readings, meter, "automatic", NOW)] == [96, 96, 8]


def test_a_correction_is_a_revision_beside_the_value_that_it_replaces() -> None:
    stored = {DAY: Stored(Decimal(1), 2), DAY + STEP: Stored(Decimal(2), 1)}
    given = said(("2024-01-01T00:00:00Z", "40"))
    events, found = correct(given, METER, stored, "wrong multiplier", "manual", NOW)
    assert found == []
    assert [(one.revision, one.previous, one.values) for one in events] == [(3, [Decimal(1)], [Decimal(40)])]


def test_all_faults_of_a_correction_are_named_at_once() -> None:
    stored = {DAY: Stored(Decimal(1), 1), DAY + STEP: Stored(Decimal(2), 1)}
    given = said(
        ("2024-01-01T00:00:00Z", "1.0"),
        ("2024-01-01T00:15:00Z", "5"),
        ("2024-01-01T00:15:00Z", "6"),
        ("2024-01-01T00:30:00Z", "-1"),
        ("2024-01-01T00:00:00Z", "NaN"),
    )
    _, found = correct(given, METER, stored, "reason", "manual", NOW)
    assert [(one.rule, one.pointer) for one in found] == [
        ("no-change", "/readings/0"),
        ("duplicate-interval", "/readings/2"),
        ("negative-quantity", "/readings/3"),
        ("unknown-interval", "/readings/3"),
        ("number", "/readings/4/value"),
    ]
