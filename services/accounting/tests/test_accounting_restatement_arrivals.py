"""What came after a close: given what was known, then this is late data and that a correction."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from zerocarbon.accounting.domain.arrivals import Facts, arrivals
from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock

MIDNIGHT = datetime(2023, 12, 31, 16, tzinfo=UTC)
THEN_DAY, NOW_DAY = date(2024, 2, 3), date(2025, 7, 1)


def block(
    start: int, *values: str, revision: int = 1, meter: str = "m1", on: date = THEN_DAY
) -> ReadingBlock:
    """Quarter-hours from the `start`-th on."""
    return ReadingBlock(
        meter=meter,
        unit="kWh",
        start=MIDNIGHT + timedelta(minutes=15 * start),
        interval_seconds=900,
        revision=revision,
        values=tuple(map(Decimal, values)),
        recorded_on=on,
        previous=None if revision == 1 else (Decimal(1),) * len(values),
    )


def record(name: str, quantity: str, revision: int = 1, on: date = NOW_DAY) -> ActivityRecord:
    return ActivityRecord(
        source="gas",
        record=name,
        start=MIDNIGHT,
        end=MIDNIGHT + timedelta(days=31),
        revision=revision,
        quantity=Decimal(quantity),
        unit="Nm3",
        recorded_on=on,
        previous=None if revision == 1 else Decimal(1),
    )


class TestArrivals:
    KNOWN = Facts((block(0, "1", "1"), block(2, "1"), block(10, "1")), (record("invoice-1", "5"),))

    def test_a_first_reading_is_late_and_a_later_revision_corrects(self) -> None:
        late, correction = block(3, "4", on=NOW_DAY), block(1, "2", "3", revision=2, on=date(2025, 7, 2))
        found = arrivals(self.KNOWN, Facts((late, correction)))
        assert (found.late.blocks, found.corrections.blocks) == ((late,), (correction,))
        assert (found.late.count, found.corrections.count, found.since) == (1, 2, NOW_DAY)

    def test_the_correction_of_a_reading_that_came_late_is_late_data(self) -> None:
        late = block(3, "4", "5", on=NOW_DAY)
        both = block(2, "2", "6", "7", revision=2, on=NOW_DAY)
        found = arrivals(self.KNOWN, Facts((late, both)))
        assert found.corrections.blocks == (block(2, "2", revision=2, on=NOW_DAY),)
        assert found.late.blocks == (late, block(3, "6", "7", revision=2, on=NOW_DAY))

    def test_a_correction_of_a_correction_is_one_too(self) -> None:
        known = Facts((*self.KNOWN.blocks, block(0, "2", revision=2)))
        again = block(0, "3", revision=3, on=NOW_DAY)
        assert arrivals(known, Facts((again,))).corrections.blocks == (again,)

    def test_another_meter_knows_nothing_of_it(self) -> None:
        other = block(0, "3", revision=2, meter="m2", on=NOW_DAY)
        assert arrivals(self.KNOWN, Facts((other,))).late.blocks == (other,)

    def test_between_what_was_read_there_are_gaps(self) -> None:
        over = block(8, "2", "2", "2", "2", revision=2, on=NOW_DAY)
        found = arrivals(self.KNOWN, Facts((over,)))
        assert [(one.start, len(one.values)) for one in found.corrections.blocks] == [(block(10).start, 1)]
        assert [(one.start, len(one.values)) for one in found.late.blocks] == [
            (block(8).start, 2),
            (block(11).start, 1),
        ]

    def test_records_are_told_apart_by_their_names(self) -> None:
        corrected, fresh = record("invoice-1", "7", revision=2), record("invoice-2", "3")
        fresh_again = record("invoice-2", "4", revision=2)
        found = arrivals(self.KNOWN, Facts((), (corrected, fresh, fresh_again)))
        assert found.corrections.records == (corrected,)
        assert found.late.records == (fresh, fresh_again)

    def test_nothing_came(self) -> None:
        found = arrivals(self.KNOWN, Facts())
        assert (found.late.count, found.corrections.count, found.since) == (0, 0, None)

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4), st.booleans()), max_size=6))
    def test_no_reading_is_lost_or_counted_twice(self, pieces: list[tuple[int, int, bool]]) -> None:
        new = Facts(
            tuple(
                block(start, *["2"] * length, revision=2 if corrects else 1, on=NOW_DAY)
                for start, length, corrects in pieces
            )
        )
        found = arrivals(self.KNOWN, new)
        assert found.late.count + found.corrections.count == new.count
        spread = sorted(
            (at, value, one.revision)
            for one in (*found.late.blocks, *found.corrections.blocks)
            for at, value in zip(one.starts(), one.values, strict=True)
        )
        assert spread == sorted(
            (at, value, one.revision)
            for one in new.blocks
            for at, value in zip(one.starts(), one.values, strict=True)
        )
