"""Statements as people read them: one self-contained HTML page and one PDF, Chinese and English.

`statement_html(view)` and `statement_pdf(view)` say the same, because both are drawn from the same blocks.
"""

from __future__ import annotations

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.declaration.documents.html import statement_html
from zerocarbon.declaration.documents.pdf import statement_pdf
from zerocarbon.declaration.documents.view import StatementView

__all__ = ["Bilingual", "StatementView", "same", "statement_html", "statement_pdf"]
