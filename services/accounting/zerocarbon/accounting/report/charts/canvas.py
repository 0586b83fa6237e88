"""Where charts are drawn: one width, the document's colours and font, the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import vl_convert

from zerocarbon.common.documents.pdf import font_directory

Spec = dict[str, Any]

VEGA_LITE: Final = "6.1"
WIDTH = 640
"""In pixels. A chart is as wide as the text, on a page and on paper."""

INK, QUIET, HAIRLINE, WASH = "#18262b", "#5a6a70", "#d3dcda", "#f3f7f6"
STRONG, LIGHT = "#0b5d4b", "#8cc5b3"
"""Location-based and market-based; both are told apart in grey too."""

FONT = "Noto Sans CJK SC"
OTHER_FONTS = ", Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
"""Where a reader's machine has not the document's own."""

KEPT = 12
"""How many charts of a kind are kept: the page, the PDF and the next reader want the same ones."""

_GRADIENT = re.compile(r"\bgradient_\d+\b")

CONFIG: Spec = {
    "aria": False,
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domainColor": QUIET,
        "gridColor": HAIRLINE,
        "labelColor": INK,
        "labelFontSize": 10,
        "labelLimit": 0,
        "labelLineHeight": 12,
        "labelPadding": 5,
        "tickColor": HAIRLINE,
        "titleColor": QUIET,
        "titleFontSize": 10,
        "titleFontWeight": "normal",
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 10,
        "labelLimit": 0,
        "titleColor": QUIET,
        "titleFontSize": 10,
        "titleFontWeight": "normal",
    },
    "text": {"color": INK, "fontSize": 9},
}


def drawn(spec: Mapping[str, Any]) -> str:
    """The SVG of a chart in the Vega-Lite grammar; nothing is loaded from anywhere."""
    _know_the_font()
    whole = {"width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}, "config": CONFIG, **spec}
    svg: str = vl_convert.vegalite_to_svg(whole, vl_version=VEGA_LITE, allowed_base_urls=[])
    return _numbered_anew(svg).replace(f'"{FONT}"', f'"{FONT}{OTHER_FONTS}"')


def _numbered_anew(svg: str) -> str:
    # The library counts the gradients of the whole process; equal charts are to have equal ids.
    places: dict[str, int] = {}
    return _GRADIENT.sub(lambda found: f"gradient_{places.setdefault(found[0], len(places))}", svg)


@cache
def _know_the_font() -> None:
    # Without it, labels would be measured by whatever font the machine has, and so be cut or lie elsewhere.
    vl_convert.register_font_directory(str(font_directory()))


def lookup(labels: Sequence[str | Sequence[str]]) -> str:
    """The expression that gives a tick its label by the number that it stands at."""
    return f"{json.dumps(labels, ensure_ascii=False)}[datum.value]"
