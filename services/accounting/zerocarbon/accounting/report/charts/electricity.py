"""Charts of purchased electricity: months as columns, days by hours as a heat map."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from zerocarbon.accounting.report.charts.canvas import KEPT, QUIET, STRONG, WASH, WIDTH, drawn, lookup
from zerocarbon.accounting.report.charts.raster import png_uri
from zerocarbon.accounting.report.facts import Purchase
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Bilingual, Language
from zerocarbon.common.documents.blocks import Picture
from zerocarbon.common.documents.figures import grouped

HOURS = 24
LONG = 62
"""From that many days on, ticks stand at months."""

HEIGHT = 150
SHADES = (WASH, "#8cc5b3", "#0b5d4b", "#062b24")


def months_picture(purchase: Purchase) -> Picture:
    """Megawatt-hours by month."""
    said = [
        say("chart.months_part", month=f"{month:%Y-%m}", mwh=grouped(mwh)) for month, mwh in purchase.months
    ]
    caption = say("chart.months")
    alternative = Bilingual(
        f"{caption.zh}：{'；'.join(one.zh for one in said)}。",
        f"{caption.en}: {'; '.join(one.en for one in said)}.",
    )
    return Picture(_months(purchase.months), alternative, caption)


@lru_cache(maxsize=KEPT)
def _months(months: tuple[tuple[date, Decimal], ...]) -> str:
    rows = [{"month": f"{month:%Y-%m}", "mwh": float(mwh), "figure": f"{mwh:,.0f}"} for month, mwh in months]
    return drawn(
        {
            "data": {"values": rows},
            "height": HEIGHT,
            "encoding": {
                "x": {
                    "field": "month",
                    "type": "ordinal",
                    "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "ticks": False},
                    "scale": {"paddingInner": 0.3, "paddingOuter": 0.15},
                },
                "y": {
                    "field": "mwh",
                    "type": "quantitative",
                    "axis": {"title": "MWh", "format": ",.12~g", "tickCount": 5},
                },
            },
            "layer": [
                {"mark": {"type": "bar", "color": STRONG, "size": min(32, WIDTH // (2 * len(months)))}},
                {
                    "mark": {"type": "text", "baseline": "bottom", "dy": -2, "limit": 44},
                    "encoding": {"text": {"field": "figure", "type": "nominal"}},
                },
            ],
        }
    )


def hours_picture(purchase: Purchase, language: Language) -> Picture:
    """Megawatt-hours by day and hour, as one picture of cells."""
    top = max(purchase.hours, key=lambda cell: (cell[2], cell[0], cell[1]))
    low = min(purchase.hours, key=lambda cell: (cell[2], cell[0], cell[1]))
    alternative = say(
        "chart.hours_said",
        days=len({day for day, _, _ in purchase.hours}),
        top_day=top[0].isoformat(),
        top_hour=f"{top[1]:02}",
        top=grouped(top[2]),
        low_day=low[0].isoformat(),
        low_hour=f"{low[1]:02}",
        low=grouped(low[2]),
    )
    hour = say("chart.axis_hour").joined(language)
    return Picture(_hours(purchase.hours, hour), alternative, say("chart.hours"))


@lru_cache(maxsize=KEPT)
def _hours(hours: tuple[tuple[date, int, Decimal], ...], hour_label: str) -> str:
    first, last = min(day for day, _, _ in hours), max(day for day, _, _ in hours)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    cells: list[list[float | None]] = [[None] * len(days) for _ in range(HOURS)]
    for day, hour, mwh in hours:
        cells[HOURS - 1 - hour][(day - first).days] = float(mwh)
    # From zero: a load that hardly changes looks as if it hardly changed.
    low = min(0.0, *(float(mwh) for _, _, mwh in hours))
    high = max(0.0, *(float(mwh) for _, _, mwh in hours))
    ticks = [number for number, day in enumerate(days) if _is_tick(day, len(days))]
    labels = [f"{day:%m-%d}" if len(days) <= LONG else f"{day:%Y-%m}" for day in days]
    frame = {"left": 0, "right": len(days), "bottom": 0, "top": HOURS}
    return drawn(
        {
            "height": HEIGHT,
            "layer": [
                {
                    "data": {"values": [frame]},
                    "mark": {"type": "rect", "opacity": 0},
                    "encoding": {
                        "x": {
                            "field": "left",
                            "type": "quantitative",
                            "scale": {"domain": [0, len(days)], "nice": False},
                            "axis": {
                                "title": None,
                                "grid": False,
                                "values": ticks,
                                "labelExpr": lookup(labels),
                                "labelAlign": "left",
                                "labelColor": QUIET,
                            },
                        },
                        "x2": {"field": "right"},
                        "y": {
                            "field": "bottom",
                            "type": "quantitative",
                            "scale": {"domain": [0, HOURS], "nice": False},
                            "axis": {"title": hour_label, "grid": False, "values": [0, 6, 12, 18, 24]},
                        },
                        "y2": {"field": "top"},
                    },
                },
                {
                    "data": {"values": [{"url": png_uri(cells, low, high, SHADES)}]},
                    "mark": {
                        "type": "image",
                        "width": {"expr": "width"},
                        "height": HEIGHT,
                        "aspect": False,
                        # Cells as they are: a smoothed picture would show loads that nobody measured.
                        "smooth": False,
                        "align": "left",
                        "baseline": "top",
                    },
                    "encoding": {"url": {"field": "url"}, "x": {"value": 0}, "y": {"value": 0}},
                },
                {
                    "data": {"values": [{"mwh": low}, {"mwh": high}]},
                    "mark": {"type": "point", "opacity": 0},
                    "encoding": {
                        "color": {
                            "field": "mwh",
                            "type": "quantitative",
                            "scale": {"domain": [low, high], "range": list(SHADES), "interpolate": "rgb"},
                            "legend": {"title": "MWh", "gradientLength": HEIGHT - 20, "format": ",.6~g"},
                        }
                    },
                },
            ],
        }
    )


def _is_tick(day: date, days: int) -> bool:
    return day.day in (1, 8, 15, 22) if days <= LONG else day.day == 1
