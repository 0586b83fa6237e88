"""A meter file that somebody brings: what is wrong with it or its mapping is said before services start."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zerocarbon.product.demo import mapping
from zerocarbon.product.demo.brought import bring
from zerocarbon.product.demo.client import DemoStopped
from zerocarbon.product.demo.inventory_chapter import still_open

QUARTER = timedelta(minutes=15)
DECLARED = {
    "time_column": "time",
    "value_column": "kwh",
    "time_format": "%Y-%m-%d %H:%M",
    "unit": "kWh",
    "stamp": "start",
}


def ends_of(year: int) -> list[str]:
    """Rows in the form of the mapping that comes with the product."""
    rows, start = [], datetime(year, 1, 1)  # noqa: DTZ001
    while start.year == year:
        end = start + QUARTER
        rows.append(f"{start.day}/{start.month}/{year} {end.hour}:{end.minute:02},1.5")
        start = end
    return rows


def starts_of(year: int) -> list[str]:
    """Rows in the form of `DECLARED`."""
    start = datetime(year, 1, 1)  # noqa: DTZ001
    return [f"{start + number * QUARTER:%Y-%m-%d %H:%M},1.5" for number in range(365 * 96)]


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., tuple[Path, Path | None]]:
    def write(rows: list[str], declared: object = None) -> tuple[Path, Path | None]:
        file = tmp_path / "meter.csv"
        if declared is None:
            file.write_text("\n".join(["\ufeffdate,Usage_kWh", *rows]) + "\n", encoding="utf-8")
            return file, None
        file.write_text("\n".join(["time,kwh", *rows]) + "\n", encoding="utf-8")
        place = tmp_path / "mapping.json"
        place.write_text(declared if isinstance(declared, str) else json.dumps(declared), encoding="utf-8")
        return file, place

    return write


def refused(given: tuple[Path, Path | None]) -> list[str]:
    with pytest.raises(DemoStopped) as stopped:
        bring(*given)
    return str(stopped.value).splitlines()


def test_a_whole_year_is_taken_with_its_mapping_in_words(put: Any) -> None:
    theirs, own = bring(*put(ends_of(2018))), bring(*put(starts_of(2019), DECLARED))
    assert (theirs.year, own.year) == (2018, 2019)
    assert "end-of-interval.json, which comes with the product; columns: time 'date'" in theirs.read_as
    assert "METER_MAPPING; columns: time 'time' as %Y-%m-%d %H:%M, the start of each interval" in own.read_as


def test_one_missing_quarter_hour_is_named_as_the_file_would_stamp_it(put: Any) -> None:
    rows = ends_of(2018)
    midnight = rows.pop(95)
    assert midnight.startswith("1/1/2018 0:00,")
    said = refused(put(rows))
    assert said[0] == "meter.csv is not a whole year: 1 of the 35,040 quarter-hours of 2018 is missing"
    assert said[1] == "  missing, as the file would stamp them: 1/1/2018 0:00"
    assert "export the year again" in said[2]


def test_of_many_missing_ones_the_first_few_are_named(put: Any) -> None:
    said = refused(put(starts_of(2019)[:1999], DECLARED))
    assert "33,041 of the 35,040 quarter-hours of 2019 are missing" in said[0]
    assert said[1].endswith(
        "2019-01-21 19:45, 2019-01-21 20:00, 2019-01-21 20:15, 2019-01-21 20:30, 2019-01-21 20:45"
        " and 33,036 more"
    )


def test_bad_rows_are_named_by_row_and_line(put: Any) -> None:
    rows = starts_of(2019)
    rows[498], rows[700] = "2019-13-01 00:00,1.5", "2019-01-08 07:00,about 3"
    rows.append(rows[0])
    said = refused(put(rows, DECLARED))
    assert said[0] == "3 rows cannot be taken from meter.csv:"
    assert said[1].startswith("  row 499 (line 500 of the file): '2019-13-01 00:00' is not of the form")
    assert said[2].startswith("  row 701 (line 702 of the file): ")
    assert said[3].startswith("  row 35041 (line 35042 of the file): ")
    assert "stands in row 1 already" in said[3]


def test_lines_are_not_counted_where_a_value_may_run_over_them(put: Any) -> None:
    said = refused(put(['"2019-13-01\n 00:00",1.5', *starts_of(2019)], DECLARED))
    assert said[1].startswith("  row 1: ")


def test_a_column_that_is_not_there_is_said_with_those_that_are(put: Any) -> None:
    file, _ = put(starts_of(2019), DECLARED)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    said = refused((file, None))
    assert said[1] == "  the file has no column 'date'; it has ['time', 'kwh']"
    assert "METER_MAPPING=FILE" in said[-1]
    assert "docs/meter-files.md" in said[-1]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_an_empty_file_has_a_sentence_of_its_own(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "meter.csv").write_bytes(data)
    assert refused((tmp_path / "meter.csv", None)) == [
        "meter.csv is empty: it has neither a header nor a reading"
    ]


def test_a_header_alone_is_no_reading(put: Any) -> None:
    assert refused(put([])) == ["meter.csv has a header and no reading below it"]


def test_every_fault_of_a_mapping_is_named_at_once(put: Any) -> None:
    said = refused(put([], {"stamp": "begin", "encoding": "latin-9", "colour": "red", "meter": "grid"}))
    assert said[0] == "mapping.json is no mapping that can be used:"
    for fault in (
        "leave the key 'meter' out",
        "'stamp' is 'begin': input should be 'start' or 'end'",
        "'encoding' is 'latin-9': input should be 'utf-8', 'utf-8-sig' or 'gb18030'",
        "'colour' is no key of a mapping",
        *(f"the key {key!r} is missing" for key in ("time_column", "value_column", "time_format", "unit")),
    ):
        assert any(fault in line for line in said), fault
    assert said[-1] == "docs/meter-files.md explains every key"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"unit": "MWh"}, "'unit' is 'MWh': the meter grid-import of the demo counts in kWh"),
        ({"time_format": "DD/MM/YYYY"}, "'time_format' is 'DD/MM/YYYY': it has to tell year, month"),
        ({"time_format": "%Y-%m-%d"}, "'time_format' is '%Y-%m-%d': it has to tell year, month"),
        ({"time_format": "%Y-%m-%d %H:%Q"}, "'time_format' is "),
        ({"delimiter": ";;"}, "'delimiter' is ';;': "),
        ({"time_column": 3}, "'time_column' is 3: "),
    ],
)
def test_a_value_that_cannot_be_used_is_named(put: Any, change: dict[str, Any], fault: str) -> None:
    said = refused(put([], {**DECLARED, **change}))
    assert len(said) == 3
    assert said[1].startswith(f"  {fault}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"unit": "kWh",\n}', "mapping.json is not JSON: line 2, column 1"),
        ("", "mapping.json is not JSON: line 1, column 1"),
        ('["kWh"]', "mapping.json has to hold one JSON object"),
    ],
)
def test_what_is_no_json_object_is_said_with_its_place(put: Any, text: str, said: str) -> None:
    assert refused(put([], text))[0].startswith(said)


def test_a_mapping_may_leave_out_what_has_a_default(put: Any) -> None:
    _, place = put([], DECLARED)
    assert mapping.load(place) == {
        **DECLARED, "midnight": "start-of-day", "decimal_mark": ".", "delimiter": ",", "encoding": "utf-8"
    }  # fmt: skip


def test_open_questions_are_sentences() -> None:
    question = {"rule": "R121", "message": "grid-import: 35039 of 35040 intervals of the period were read"}
    assert still_open([question]).splitlines()[1:] == [
        "  R121: grid-import: 35039 of 35040 intervals of the period were read"
    ]
    assert still_open([]) == ""


def test_the_guide_shows_the_mapping_that_comes_with_the_product_and_every_key() -> None:
    guide = (Path(__file__).parents[3] / mapping.GUIDE).read_text(encoding="utf-8")
    examples = [json.loads(part.split("```", 1)[0]) for part in guide.split("```json\n")[1:]]
    assert mapping.load(None) in examples
    for key in mapping.load(None):
        assert f"| `{key}` |" in guide
