"""The statement as one HTML file."""

from __future__ import annotations

from zerocarbon.common.documents.html import document_html
from zerocarbon.declaration.documents.statement import statement
from zerocarbon.declaration.documents.view import StatementView


def statement_html(view: StatementView) -> str:
    """The page as text; every value of the view is escaped."""
    return document_html(statement(view))
