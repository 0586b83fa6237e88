"""Documents as people read them: one self-contained HTML page and one PDF, Chinese, English, or both.

`document_html(document)` and `document_pdf(document, made_on)` say the same, because both are drawn from the
same blocks. What a document says is made by the service whose document it is. Needs the extra `documents`.
"""
