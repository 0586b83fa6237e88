"""Horizontal bars with their exact figures written beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from zerocarbon.accounting.report.charts.canvas import KEPT, LIGHT, QUIET, STRONG, Spec, drawn, lookup

ZERO = Decimal(0)
THICKNESS = 13
ROOM_FOR_FIGURES = 1.3
"""The axis runs on beyond the longest bar, so that its figure fits."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how long, and what is written beside it. An estimate has an outline only; a bar may hang where
    others ended."""

    length: Decimal
    figure: str
    estimate: bool = False
    start: Decimal = ZERO

    @property
    def end(self) -> Decimal:
        """Where it ends."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Group:
    """What stands on one row: a label of one or two lines, and one bar for each series."""

    label: tuple[str, ...]
    bars: tuple[Bar, ...]


@lru_cache(maxsize=KEPT)
def horizontal_bars(groups: tuple[Group, ...], series: tuple[str, ...]) -> str:
    """The chart as SVG; the series are named where there are several."""
    several = len(series) > 1
    lines = max(len(group.label) for group in groups)
    rows = list(_rows(groups, series))
    ends = [0.0, *(float(bar.end) for group in groups for bar in group.bars)]
    shortest, longest = min(ends), max(ends)
    room = ((longest - shortest) or 1.0) * (ROOM_FOR_FIGURES - 1)
    domain = [shortest - room if shortest < 0 else 0, longest + room]
    colour: Spec = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(series), "range": [STRONG, LIGHT]},
        "legend": {"orient": "top", "title": None, "symbolType": "square"} if several else None,
    }
    return drawn(
        {
            "data": {"values": rows},
            "height": {"step": THICKNESS if several else THICKNESS * (lines + 0.4)},
            "encoding": {
                "y": {
                    "field": "row",
                    "type": "ordinal",
                    "axis": {"title": None, "ticks": False, "labelExpr": lookup([g.label for g in groups])},
                    "scale": {"paddingInner": 0.3, "paddingOuter": 0.15},
                },
                "yOffset": {"field": "series", "type": "nominal", "scale": {"domain": list(series)}},
                "x": {
                    "field": "start",
                    "type": "quantitative",
                    "scale": {"domain": domain, "nice": False},
                    "axis": {"title": None, "format": ",.12~g", "tickCount": 6},
                },
            },
            "layer": [
                {
                    "transform": [{"filter": "!datum.estimate"}],
                    "mark": "bar",
                    "encoding": {"x2": {"field": "end"}, "color": colour},
                },
                {
                    "transform": [{"filter": "datum.estimate"}],
                    "mark": {"type": "bar", "fillOpacity": 0, "stroke": QUIET, "strokeDash": [2, 2]},
                    "encoding": {"x2": {"field": "end"}},
                },
                {
                    "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 4},
                    "encoding": {
                        "x": {"field": "label", "type": "quantitative"},
                        "text": {"field": "figure", "type": "nominal"},
                    },
                },
            ],
        }
    )


def _rows(groups: tuple[Group, ...], series: tuple[str, ...]) -> Iterator[Spec]:
    for at, group in enumerate(groups):
        for name, bar in zip(series, group.bars, strict=True):
            yield {
                "row": at,
                "series": name,
                "start": float(bar.start),
                "end": float(bar.end),
                "label": float(max(bar.start, bar.end)),
                "figure": bar.figure,
                "estimate": bar.estimate,
            }
