"""Sums a meter's file once more, by nothing but `csv` and `Decimal`: a check on what the product read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.product.demo.client import DemoStopped


@dataclass(frozen=True, slots=True)
class Resummed:
    """What a file holds: intervals that are stamped differently, and their sum in the file's unit."""

    intervals: int
    quantity: Decimal


def resum(data: bytes, mapping: Mapping[str, str]) -> Resummed:
    """Sums the declared column over all rows of a file that the product accepted."""
    text = io.StringIO(data.decode(mapping["encoding"]), newline="")
    stamps, quantity = set(), Decimal(0)
    for row in csv.DictReader(text, delimiter=mapping.get("delimiter", ",")):
        stamps.add(row[mapping["time_column"]])
        quantity += Decimal(row[mapping["value_column"]].replace(mapping.get("decimal_mark", "."), "."))
    return Resummed(len(stamps), quantity)


def compare(accepted: int, quantity: Decimal, again: Resummed) -> None:
    """Holds what the product says it read against the second path.

    Raises:
        DemoStopped: they differ; the text has both.
    """
    if (accepted, quantity) != (again.intervals, again.quantity):
        raise DemoStopped(
            f"the product read {accepted:,} intervals, {quantity:,}; by a second path the file has"
            f" {again.intervals:,} intervals, {again.quantity:,}"
        )
