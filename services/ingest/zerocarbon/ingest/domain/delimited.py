"""Delimited text as numbered rows. Row 1 is the first below the header.

A row is a record of the file: a quoted value may run over several lines and stays one row; a line without
anything is a row too, so that numbers agree with what a spreadsheet or an editor shows. Such empty rows are
given where they stand; only those at the end of the file are dropped.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from zerocarbon.common.refusal import Refused, Violation, refuse


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it; a row has the length that it has in the file."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def read(data: bytes, encoding: str, delimiter: str) -> Table:
    """The table in a file.

    Raises:
        Refused: not of that encoding, or not delimited text.
    """
    try:
        text = data.decode(encoding, errors="strict")
    except UnicodeDecodeError as wrong:
        raise refuse("encoding", f"the file is not {encoding}: {wrong}", "/mapping/encoding") from wrong
    if text.startswith("\ufeff"):
        message = "the file begins with a byte order mark; declare utf-8-sig"
        raise refuse("encoding", message, "/mapping/encoding")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
        rows = list(reader)
    except csv.Error as wrong:
        raise refuse("csv", f"line {reader.line_num} of the file: {wrong}") from wrong
    while rows and not rows[-1]:
        rows.pop()
    return Table(header, rows)


def columns(table: Table, named: Sequence[tuple[str, str]]) -> list[int]:
    """Where the named columns stand; each name comes with the pointer to where it was declared.

    Raises:
        Refused: a column is missing, or a name of the header stands twice: which one is meant is not guessed.
    """
    twice = [name for name, count in Counter(table.header).items() if count > 1 and name]
    found = [
        Violation("column", f"the header has {name!r} more than once; rename one of them") for name in twice
    ]
    found += [
        Violation("column", f"the file has no column {name!r}; it has {list(table.header)}", pointer)
        for name, pointer in named
        if name not in table.header
    ]
    if found:
        raise Refused(found)
    return [table.header.index(name) for name, _ in named]
