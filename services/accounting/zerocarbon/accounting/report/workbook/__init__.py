"""The report as a workbook. `sheets` says what stands in it, as plain values; `book` writes them down."""
