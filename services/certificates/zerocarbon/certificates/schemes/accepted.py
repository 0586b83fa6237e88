"""Reads the acceptance rows that come with the package."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from zerocarbon.certificates.domain.acceptance import Acceptance

FILE = "acceptance.csv"


@cache
def acceptance_rows() -> tuple[Acceptance, ...]:
    """All rows, in the order of the file."""
    lines = files(__package__).joinpath(FILE).read_text(encoding="utf-8").splitlines()
    return tuple(read_row(row) for row in csv.DictReader(lines))


def read_row(row: dict[str, Any]) -> Acceptance:
    """A row of the file; its values are held to the types by a test."""
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("since", "until")}
    return Acceptance(**{**row, **days})
