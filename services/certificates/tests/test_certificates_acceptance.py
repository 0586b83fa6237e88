"""Which standard accepts which scheme, by date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from zerocarbon.certificates.domain.acceptance import Use, Verdict, acceptance
from zerocarbon.certificates.domain.scheme import Confidence
from zerocarbon.certificates.schemes.accepted import acceptance_rows
from zerocarbon.certificates.schemes.catalogue import schemes


@pytest.mark.requirement("R138", "R188")
@pytest.mark.parametrize(
    ("standard", "scheme", "use", "on", "verdict"),
    [
        ("RE100", "GEC", "scope2", date(2025, 4, 27), "conditional"),
        ("RE100", "GEC", "scope2", date(2025, 4, 28), "accepted"),
        ("PAS 2060:2014", "CCER", "offset", date(2025, 6, 30), "accepted"),
        ("PAS 2060:2014", "CCER", "offset", date(2025, 12, 1), "unknown"),
        ("PAS 2060:2014", "GEC", "offset", date(2025, 6, 30), "refused"),
        ("ISO 14068-1:2023", "CCER", "offset", date(2025, 12, 1), "accepted"),
        ("GHG Protocol Scope 2", "CCER", "scope2", date(2025, 6, 30), "refused"),
        ("RE100", "VCU", "scope2", date(2025, 6, 30), "unknown"),
    ],
)
def test_acceptance_is_dated(standard: str, scheme: str, use: Use, on: date, verdict: Verdict) -> None:
    assert acceptance(acceptance_rows(), standard, scheme, use, on) == verdict


def test_memory_refuses_and_never_accepts() -> None:
    row = replace(acceptance_rows()[0], confidence="memory")
    asked = (row.standard, row.scheme, row.use, date(2025, 6, 30))
    assert acceptance([row], *asked) == "unknown"
    assert acceptance([replace(row, verdict="refused")], *asked) == "refused"


def test_the_rows_say_only_what_can_be_said() -> None:
    for row in acceptance_rows():
        assert row.scheme in schemes()
        assert row.use in get_args(Use)
        assert row.verdict in get_args(Verdict)
        assert row.confidence in get_args(Confidence)
        assert row.source_title
        assert row.source_clause
