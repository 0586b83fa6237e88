"""Meter files: rows and their numbers, columns, stamps, numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.common.refusal import Refused
from zerocarbon.ingest.domain import stamp
from zerocarbon.ingest.domain.reading import Reading
from zerocarbon.ingest.domain.series_file import SeriesMapping, ranges, read

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUARTER = timedelta(minutes=15)
MAPPING: dict[str, Any] = {
    "meter": "m1",
    "time_column": "time",
    "value_column": "kwh",
    "time_format": "%Y-%m-%d %H:%M",
    "unit": "kWh",
    "stamp": "start",
    "midnight": "start-of-day",
    "decimal_mark": ".",
    "delimiter": ",",
    "encoding": "utf-8",
}


def opened(text: str | bytes, zone: ZoneInfo = SHANGHAI, **changes: Any) -> tuple[list[Reading], list[Any]]:
    data = text.encode() if isinstance(text, str) else text
    return read(data, SeriesMapping(**{**MAPPING, **changes}), zone, QUARTER)


def broken(text: str, zone: ZoneInfo = SHANGHAI, **changes: Any) -> list[tuple[int | None, str]]:
    return [(violation.row, violation.rule) for violation in opened(text, zone, **changes)[1]]


def refusal(text: str | bytes, **changes: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refused:
        opened(text, **changes)
    return [(violation.rule, violation.pointer) for violation in refused.value.violations]


def test_an_empty_line_is_a_row_of_its_own_and_shifts_no_number() -> None:
    text = "time,kwh\n2024-01-01 00:00,1\n\n2024-01-01 00:15,x\n2024-01-01 00:30,3\n"
    readings, _ = opened(text)
    assert broken(text) == [(2, "column-count"), (3, "number")]
    assert [(one.row, one.value) for one in readings] == [(1, Decimal(1)), (4, Decimal(3))]


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n\n", "\r\n\r\n"])
def test_empty_lines_at_the_end_are_no_rows(end: str) -> None:
    readings, found = opened("time,kwh\n2024-01-01 00:00,1" + end)
    assert ([one.row for one in readings], found) == ([1], [])


def test_a_value_over_several_lines_is_one_row() -> None:
    text = 'time,note,kwh\n2024-01-01 00:00,"read\nby\n\nhand",1\n2024-01-01 00:15,,bad\n'
    assert broken(text) == [(2, "number")]
    assert [one.row for one in opened(text)[0]] == [1]


def test_a_row_with_a_bad_stamp_and_a_bad_number_is_named_for_both() -> None:
    assert broken("time,kwh\nyesterday,NaN\n") == [(1, "time"), (1, "number")]


@pytest.mark.parametrize("row", ["2024-01-01 00:00", "2024-01-01 00:00,1,2", "   "])
def test_a_row_has_as_many_columns_as_the_header(row: str) -> None:
    assert broken(f"time,kwh\n{row}\n2024-01-01 00:15,1\n") == [(1, "column-count")]


def test_a_name_that_stands_twice_in_the_header_is_refused() -> None:
    assert refusal("time,kwh,kwh\n2024-01-01 00:00,1,2\n") == [("column", None)]


def test_columns_without_a_name_may_stand_beside_each_other() -> None:
    assert [one.value for one in opened("time,,kwh,\n2024-01-01 00:00,a,1,b\n")[0]] == [Decimal(1)]


def test_both_missing_columns_are_named_where_they_were_declared() -> None:
    expected = [("column", "/mapping/time_column"), ("column", "/mapping/value_column")]
    assert refusal("a,b\n1,2\n") == expected
    assert refusal("") == expected
    assert refusal("\ntime,kwh\n") == expected


@pytest.mark.parametrize("text", ['time,kwh\n2024-01-01 00:00,"1\n', 'time,"kwh\n', 'time,kwh\n"a"b,1\n'])
def test_quotes_that_do_not_end_refuse_the_file(text: str) -> None:
    assert refusal(text) == [("csv", None)]


def test_an_encoding_is_declared_and_not_guessed() -> None:
    assert refusal("time,kwh\n".encode("utf-8-sig")) == [("encoding", "/mapping/encoding")]
    assert refusal("时间,kwh\n".encode("gb18030")) == [("encoding", "/mapping/encoding")]
    chinese = "时间,kwh\n2024-01-01 00:00,1\n".encode("gb18030")
    assert len(opened(chinese, encoding="gb18030", time_column="时间")[0]) == 1


def test_the_stamp_of_the_end_and_the_midnight_of_the_day_that_ends() -> None:
    (one,), _ = opened("time,kwh\n2024-01-01 00:00,1\n", stamp="end", midnight="end-of-day")
    assert one.start == datetime(2024, 1, 1, 15, 45, tzinfo=UTC)


@pytest.mark.parametrize("local", ["2024-10-27 02:30", "2024-03-31 02:30"])
def test_a_stamp_that_names_two_instants_or_none_is_refused(local: str) -> None:
    assert broken(f"time,kwh\n{local},1\n", ZoneInfo("Europe/Berlin")) == [(1, "ambiguous-time")]


def test_a_stamp_with_its_offset_names_one_instant_in_any_zone() -> None:
    text = "time,kwh\n2024-10-27 02:30+0200,1\n2024-10-27 02:30+0100,1\n"
    readings, found = opened(text, ZoneInfo("Europe/Berlin"), time_format="%Y-%m-%d %H:%M%z")
    assert found == []
    assert [one.start.hour for one in readings] == [0, 1]


@pytest.mark.parametrize(
    ("stamped", "changes"),
    [("9999-12-31 00:00", {"midnight": "end-of-day"}), ("0001-01-01 00:00", {"stamp": "end"})],
)
def test_a_stamp_beyond_the_years_is_a_fault_of_its_row(stamped: str, changes: dict[str, Any]) -> None:
    assert broken(f"time,kwh\n{stamped},1\n", **changes) == [(1, "time")]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "1e3", "+1", "1,5", "", "0x1", "١", "1_0"])
def test_what_is_no_plain_number_is_refused(value: str) -> None:
    assert broken(f'time,kwh\n2024-01-01 00:00,"{value}"\n') == [(1, "number")]


def test_a_decimal_comma_is_declared() -> None:
    text = "time;kwh\n2024-01-01 00:00;1,5\n2024-01-01 00:15;1.5\n2024-01-01 00:30;1,5,5\n"
    readings, _ = opened(text, delimiter=";", decimal_mark=",")
    assert [one.value for one in readings] == [Decimal("1.5")]
    assert broken(text, delimiter=";", decimal_mark=",") == [(2, "number"), (3, "number")]


@pytest.mark.parametrize(
    ("rows", "text"),
    [([], ""), ([3], "3"), ([1, 2], "1-2"), ([*range(1, 41), *range(42, 97)], "1-40,42-96"), ([1, 3], "1,3")],
)
def test_rows_are_told_as_ranges(rows: list[int], text: str) -> None:
    assert ranges(rows) == text


FORMATS = [
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m.%d.%Y",
    "%Y%m%d %H%M",
    "%Y-%m-%dT%H:%M",
    "%d %b %Y",
    "%Y-%m-%d 9%H:%M",
    "[%Y]*%m+%d",
]
TEXTS = st.one_of(
    st.datetimes().flatmap(
        lambda moment: st.sampled_from([*(moment.strftime(one) for one in FORMATS), f"{moment:%d/%m/%Y}"])
    ),
    st.text(alphabet="0123456789 -/:T[]*+.", max_size=20),
    st.tuples(*[st.integers(0, 99)] * 5).map(lambda n: f"20{n[0]:02}-{n[1]}-{n[2]} {n[3]}:{n[4]}"),
)


@given(st.sampled_from(FORMATS), TEXTS)
def test_the_fast_parser_reads_what_strptime_reads(time_format: str, text: str) -> None:
    def outcome(parse: Any) -> Any:
        try:
            return parse(text)
        except ValueError:
            return "refused"

    assert outcome(stamp.parser(time_format)) == outcome(
        lambda one: datetime.strptime(one, time_format)  # noqa: DTZ007
    )
