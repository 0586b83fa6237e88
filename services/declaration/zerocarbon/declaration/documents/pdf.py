"""The statement as PDF, dated on the day of the declaration."""

from __future__ import annotations

from zerocarbon.common.documents.pdf import document_pdf
from zerocarbon.declaration.documents.statement import statement
from zerocarbon.declaration.documents.view import StatementView


def statement_pdf(view: StatementView) -> bytes:
    """The document as PDF bytes, the same for the same view.

    Raises:
        typst.TypstError: the template is wrong.
    """
    return document_pdf(statement(view), view.declared_on)
