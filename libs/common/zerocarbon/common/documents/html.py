"""A document as one HTML file: no scripts, nothing loaded, readable on a phone and in print."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from zerocarbon.common.documents.blocks import Document

TEMPLATES = Path(__file__).parent / "templates"

_FORMULA = re.compile("CO2|CH4|N2O|NF3|SF6")


def _formulas(text: str) -> Markup:
    """Escapes a text, then sets the digits of the gases' formulas low."""
    lowered = _FORMULA.sub(lambda found: re.sub(r"(\d)", r"<sub>\1</sub>", found[0]), str(escape(text)))
    return Markup(lowered)  # noqa: S704 - escaped on the line above


def _data_uri(svg: str) -> str:
    # As a picture and not as a part of the page: no style or id of one chart reaches another.
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["formulas"] = _formulas
_ENVIRONMENT.filters["data_uri"] = _data_uri


def document_html(document: Document) -> str:
    """The page as text; every value of the document is escaped."""
    template = _ENVIRONMENT.get_template("document.html.j2")
    return template.render(document=asdict(document), pictures=document.has_pictures())
