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
from typing import Final

import typst

from zerocarbon.declaration.documents.html import TEMPLATES
from zerocarbon.declaration.documents.statement import statement
from zerocarbon.declaration.documents.view import StatementView

STANDARD: Final = "a-2a"
"""PDF/A-2a: archivable, with fonts, tags and Unicode text."""


def font_directory() -> Path:
    """Where the Noto CJK fonts of the `mplfonts` wheel lie; found without importing that package."""
    return Path(str(distribution("mplfonts").locate_file("mplfonts/fonts")))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_directory())]
    )


def statement_pdf(view: StatementView) -> bytes:
    """The document as PDF bytes. Its date is the day of the declaration, not that of the rendering.

    Raises:
        typst.TypstError: the typesetter refused the template; the view cannot cause it.
    """
    document = json.dumps(asdict(statement(view)), ensure_ascii=False)
    return typst.compile(
        str(TEMPLATES / "statement.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": document},
        pdf_standards=STANDARD,
        timestamp=datetime.combine(view.declared_on, time(), UTC),
    )
