"""The statement as PDF/A: fonts embedded, text searchable, the same bytes for the same view.

The view reaches the typesetter as JSON values, never as source, so that no text of it can be a command.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Final, Literal

import typst

from zerocarbon.declaration.documents.html import TEMPLATES
from zerocarbon.declaration.documents.statement import statement
from zerocarbon.declaration.documents.view import StatementView

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


def statement_pdf(view: StatementView) -> bytes:
    """The document as PDF bytes. Its date is the day of the declaration, not that of the rendering.

    It is PDF/A unless the view has a character that none of the fonts draws, such as a rare ideograph or an
    emoji: PDF/A forbids the empty box that then stands for it, so the document is plain PDF.

    Raises:
        typst.TypstError: the template is wrong.
    """
    document = json.dumps(asdict(statement(view)), ensure_ascii=False)
    made_at = datetime.combine(view.declared_on, time(), UTC)
    try:
        return _typeset(document, made_at, ARCHIVE)
    except typst.TypstError:
        return _typeset(document, made_at, PLAIN)


def _typeset(document: str, made_at: datetime, standard: Literal["a-2a", "1.7"]) -> bytes:
    return typst.compile(
        str(TEMPLATES / "statement.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": document},
        pdf_standards=standard,
        timestamp=made_at,
    )
