"""Leaves of the evidence tree: fast bytes equal to the canonical ones, one order whatever the input."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.leaves import (
    ActivityRecord,
    ReadingBlock,
    evidence,
    evidence_leaves,
    instant,
    reading_leaves,
)
from zerocarbon.proof.merkle import root

START = datetime(2024, 1, 1, tzinfo=UTC)
RECORDED = date(2024, 1, 2)
values = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)


def block(meter: str, hours: int, *numbers: str, revision: int = 1) -> ReadingBlock:
    return ReadingBlock(
        meter,
        "kWh",
        START + timedelta(hours=hours),
        3600,
        revision,
        tuple(Decimal(number) for number in numbers),
        RECORDED,
    )


def record(source: str, code: str, quantity: str) -> ActivityRecord:
    return ActivityRecord(source, code, START, START + timedelta(days=1), 1, Decimal(quantity), "t", RECORDED)


@given(
    meter=st.text(min_size=1, max_size=8),
    unit=st.text(min_size=1, max_size=8),
    numbers=st.lists(values, min_size=1, max_size=5),
    seconds=st.sampled_from([60, 900, 3600]),
    revision=st.integers(min_value=1, max_value=99),
)
def test_formatted_leaves_are_the_canonical_bytes(
    meter: str, unit: str, numbers: list[Decimal], seconds: int, revision: int
) -> None:
    made = list(reading_leaves(ReadingBlock(meter, unit, START, seconds, revision, tuple(numbers), RECORDED)))
    for at, (start, leaf) in enumerate(made):
        assert start == START + timedelta(seconds=seconds * at)
        assert leaf == canonical_bytes(
            {
                "kind": "reading",
                "meter": meter,
                "unit": unit,
                "start": instant(start),
                "interval_seconds": seconds,
                "revision": revision,
                "value": numbers[at],
            }
        )


@given(st.integers(min_value=0, max_value=2**32))
def test_the_root_depends_on_neither_order_nor_cutting(seed: int) -> None:
    whole = [
        block("grid", 0, "1", "2.0", "3"),
        block("roof", 0, "5"),
        block("grid", 1, "2.5", revision=2),
    ]
    cut = [
        block("grid", 0, "1.00"),
        block("grid", 1, "2", "3"),
        block("roof", 0, "5"),
        block("grid", 1, "2.50", revision=2),
    ]
    records = [record("diesel", "r1", "3"), record("diesel", "r2", "4"), record("agent", "r9", "0.02")]
    shuffled = random.Random(seed)
    shuffled.shuffle(cut)
    mixed = shuffled.sample(records, k=len(records))
    assert evidence(cut, mixed) == evidence(whole, records)


def test_leaves_are_sorted_by_identity_and_readings_come_first() -> None:
    leaves = list(
        evidence_leaves(
            [block("roof", 0, "5"), block("grid", 0, "1", "2"), block("grid", 0, "9", revision=2)],
            [record("diesel", "r1", "3")],
        )
    )
    assert [leaf.split(b'"kind":"')[1][:7] for leaf in leaves] == [b"reading"] * 4 + [b"activit"]
    assert b'"revision":1' in leaves[0]
    assert b'"revision":2' in leaves[1]
    assert b'"roof"' in leaves[3]
    found = evidence([block("grid", 0, "1")], [])
    assert found.count == 1
    assert found.root == root(evidence_leaves([block("grid", 0, "1")], [])).hex()


def test_a_year_of_quarter_hours_is_quick() -> None:
    year = ReadingBlock(
        "grid", "kWh", START, 900, 1, tuple(Decimal(at % 977) / 8 for at in range(35_136)), RECORDED
    )
    assert evidence([year], []).count == 35_136
