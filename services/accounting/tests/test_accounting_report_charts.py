"""Charts of the report: drawn from figures, labelled with exact ones, the same each time."""

from __future__ import annotations

import zlib
from base64 import b64decode
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from zerocarbon.accounting.report.charts import electricity
from zerocarbon.accounting.report.charts.bars import Bar, Group, horizontal_bars
from zerocarbon.accounting.report.charts.canvas import drawn
from zerocarbon.accounting.report.charts.electricity import hours_picture, months_picture
from zerocarbon.accounting.report.charts.emissions import gases_picture, scope3_picture, scopes_picture
from zerocarbon.accounting.report.charts.raster import SHADES, png_uri
from zerocarbon.accounting.report.content import content_of
from zerocarbon.accounting.report.facts import Purchase
from zerocarbon.accounting.testing.reported import specimen

TEXT = "{http://www.w3.org/2000/svg}text"
IMAGE = "{http://www.w3.org/2000/svg}image"
LINK = "{http://www.w3.org/1999/xlink}href"


def texts(svg: str) -> set[str]:
    return {"".join(one.itertext()) for one in ElementTree.fromstring(svg).iter(TEXT)}


def test_scopes_stand_with_their_exact_figures_under_both_methods() -> None:
    picture = scopes_picture(content_of(specimen()), "both")
    assert {"41.648", "820.849", "717.947", "329.260", "1,191.757", "1,088.855"} <= texts(picture.svg)
    assert {"基于位置 location-based", "基于市场 market-based"} <= texts(picture.svg)
    assert "范围一Scope 1" in texts(picture.svg)
    assert "Scope 2: 820.849 t location-based, 717.947 t market-based" in picture.alternative.en


@pytest.mark.parametrize(("language", "label"), [("zh", "范围一"), ("en", "Scope 1")])
def test_labels_are_in_the_language_that_was_asked_for(language: str, label: str) -> None:
    assert label in texts(scopes_picture(content_of(specimen()), language).svg)  # type: ignore[arg-type]


def test_one_total_is_one_series_without_a_legend() -> None:
    picture = scopes_picture(content_of(specimen("cn-other")), "en")
    assert not {"location-based", "market-based"} & texts(picture.svg)
    assert "806.109" in texts(picture.svg)


def test_categories_without_a_figure_have_no_bar_and_estimates_say_so() -> None:
    (picture,) = scope3_picture(content_of(specimen()), "en")
    assert {"329.260", "≤ 1.234 (upper estimate)"} <= texts(picture.svg)
    assert "Category 2, Capital goods" not in texts(picture.svg)
    assert scope3_picture(content_of(specimen("cn-other")), "en") == ()


def test_gases_that_do_not_occur_have_no_bar() -> None:
    (picture,) = gases_picture(content_of(specimen()), "en")
    assert {"CO2", "HFCs", "Not split by its factor"} <= texts(picture.svg)
    assert "SF6" not in texts(picture.svg)


def test_what_is_subtracted_runs_to_the_left() -> None:
    svg = horizontal_bars((Group(("a",), (Bar(Decimal("-5"), "−5.000"),)),), ("",))
    assert {"−5.000", "−5"} <= texts(svg)


def test_a_bar_may_hang_where_another_ended() -> None:
    hung = horizontal_bars((Group(("a",), (Bar(Decimal(-1), "x", start=Decimal(3)),)),), ("",))
    standing = horizontal_bars((Group(("a",), (Bar(Decimal(2), "x"),)),), ("",))
    assert Bar(Decimal(-1), "x", start=Decimal(3)).end == 2
    assert hung != standing


def test_nothing_at_all_can_be_drawn() -> None:
    assert "0" in texts(horizontal_bars((Group(("a",), (Bar(Decimal(0), "0"),)),), ("",)))


def test_months_and_the_extremes_of_the_hours_are_told() -> None:
    purchase = specimen().purchase
    assert purchase is not None
    months = months_picture(purchase)
    assert {"640", "594", "2024-01", "2024-02"} <= texts(months.svg)
    assert "2024-01: 640.123456 MWh; 2024-02: 594.444435 MWh." in months.alternative.en
    hours = hours_picture(purchase, "en")
    assert "The highest hour is 2024-02-29 23:00 with 1.439 MWh" in hours.alternative.en
    assert "the lowest 2024-01-01 00:00 with 0 MWh" in hours.alternative.en
    assert {"Hour", "01-01", "02-22"} <= texts(hours.svg)


def test_a_heat_map_has_one_pixel_for_each_hour_and_none_where_nothing_was_read() -> None:
    day = date(2024, 1, 1)
    hours = tuple((day, hour, Decimal(hour)) for hour in range(24) if hour != 3)
    svg = hours_picture(Purchase((), hours, Decimal(0)), "en").svg
    (image,) = ElementTree.fromstring(svg).iter(IMAGE)
    width, height, rows = pixels(image.attrib[LINK])
    assert (width, height) == (1, 24)
    # From the top: hour 23 is the strongest, hour 3 is transparent, hour 0 is the weakest.
    assert [rows[0][0], rows[20][0], rows[23][0]] == [SHADES, 0, 1]


def test_a_longer_period_has_ticks_at_months() -> None:
    purchase = specimen().purchase
    assert purchase is not None
    more = tuple((date(2024, month, 5), 0, Decimal(1)) for month in (3, 4, 5))
    assert {"2024-02", "2024-03", "2024-05"} <= texts(
        hours_picture(replace(purchase, hours=(*purchase.hours, *more)), "en").svg
    )


def pixels(uri: str) -> tuple[int, int, list[bytes]]:
    data = b64decode(uri.removeprefix("data:image/png;base64,"))
    chunks, place = {}, 8
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert zlib.crc32(kind + body) == int.from_bytes(
            data[place + 8 + length : place + 12 + length], "big"
        )
        chunks[kind] = body
        place += 12 + length
    assert len(chunks[b"PLTE"]) == 3 * (SHADES + 1)
    width, height = (int.from_bytes(chunks[b"IHDR"][at : at + 4], "big") for at in (0, 4))
    raw = zlib.decompress(chunks[b"IDAT"])
    lines = [raw[row * (width + 1) : (row + 1) * (width + 1)] for row in range(height)]
    assert all(line[0] == 0 for line in lines)
    return width, height, [line[1:] for line in lines]


def test_a_picture_of_cells_runs_through_its_colours() -> None:
    uri = png_uri([[0.0, 1.0], [None, 0.5]], 0.0, 1.0, ["#000000", "#ff0000"])
    assert pixels(uri) == (2, 2, [bytes([1, 255]), bytes([0, 128])])
    assert pixels(png_uri([[3.0]], 3.0, 3.0, ["#000000", "#ffffff"]))[2] == [b"\x01"]


def test_equal_charts_are_equal_bytes() -> None:
    purchase = specimen().purchase
    assert purchase is not None
    first = hours_picture(purchase, "en").svg
    electricity._hours.cache_clear()
    assert hours_picture(purchase, "en").svg == first


def test_a_chart_loads_nothing() -> None:
    """An address in a chart would be asked for by whoever draws the report."""
    spec = {"mark": "point", "data": {"url": "https://example.org/data.json"}, "height": 10}
    with pytest.raises(ValueError, match=r"example\.org|allowed"):
        drawn(spec)
