"""Reading the data files of the package."""

from __future__ import annotations

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file, by column name; every cell is text, a blank means not known."""
    lines = [line for line in text(name).splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, strict=True))


def text(name: str) -> str:
    """The whole file."""
    return files("zerocarbon.proof.data").joinpath(name).read_text(encoding="utf-8")
