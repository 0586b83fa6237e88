"""What a partial import says about what it left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zerocarbon.common.problem import refusal_problem
from zerocarbon.common.refusal import Refused, Violation


def refused(found: Sequence[Violation]) -> list[dict[str, Any]]:
    """The violations in the form in which a refusal would have named them."""
    errors: list[dict[str, Any]] = refusal_problem(Refused(found))["errors"] if found else []
    return errors
