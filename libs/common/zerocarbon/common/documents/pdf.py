"""A document as PDF/A: fonts embedded, text searchable, the same bytes for the same document.

The document reaches the typesetter as JSON values, never as source, so that no text of it can be a command.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Final, Literal

import typst

from zerocarbon.common.documents.blocks import Document
from zerocarbon.common.documents.html import TEMPLATES

ARCHIVE: Final = "a-2a"
"""PDF/A-2a: fit for archives, with fonts, tags and Unicode text."""

PLAIN: Final = "1.7"


def font_directory() -> Path:
    """Where the Noto CJK fonts of the `mplfonts` wheel lie; found without importing that package."""
    return Path(str(distribution("mplfonts").locate_file("mplfonts/fonts")))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(font_directory())]
    )


def document_pdf(document: Document, made_on: date) -> bytes:
    """The document as PDF bytes, dated by what it says and not by the rendering.

    It is PDF/A unless the document has a character that none of the fonts draws, such as a rare ideograph or
    an emoji: PDF/A forbids the empty box that then stands for it, so the document is plain PDF.

    Raises:
        typst.TypstError: the template is wrong.
    """
    values = json.dumps(asdict(document), ensure_ascii=False)
    made_at = datetime.combine(made_on, time(), UTC)
    try:
        return _typeset(values, made_at, ARCHIVE)
    except typst.TypstError:
        return _typeset(values, made_at, PLAIN)


def _typeset(document: str, made_at: datetime, standard: Literal["a-2a", "1.7"]) -> bytes:
    return typst.compile(
        str(TEMPLATES / "document.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": document},
        pdf_standards=standard,
        timestamp=made_at,
    )
