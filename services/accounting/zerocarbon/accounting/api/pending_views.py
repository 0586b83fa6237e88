"""How what is pending for a closed period is shown."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from zerocarbon.accounting.domain.pending import METHODS, Pending
from zerocarbon.accounting.service.pending import PendingFacts
from zerocarbon.common.refusal import Violation
from zerocarbon.proof.numbers import canonical

PERCENT_STEP = Decimal("0.000001")
_PERCENT = Context(prec=60, rounding=ROUND_HALF_EVEN)


def pending_view(found: PendingFacts) -> dict[str, Any]:
    """All that is known of what arrived since the close."""
    arrived = found.arrived
    return {
        "inventory_id": found.closed.closed["inventory_id"],
        "version": found.closed.closed["version"],
        "as_of": found.now.isoformat().replace("+00:00", "Z"),
        "knowledge_date": found.closed.knowledge_date.isoformat(),
        **glance_view(found.pending, found.refusal),
        "facts": {
            "late": arrived.late,
            "corrections": arrived.corrections,
            "since": arrived.since.isoformat() if arrived.since else None,
        },
        "certificates": {"retired": arrived.retired, "withdrawn": arrived.withdrawn},
        "parked": arrived.parked,
        "parts": [
            part.model_dump(mode="json", exclude_none=True)
            for part in (found.attribution.parts if found.attribution is not None else ())
        ],
    }


def glance_view(pending: Pending, refusal: Violation | None) -> dict[str, Any]:
    """State and figures, as they stand in the view of a version too. Amounts in kilograms of CO2e."""
    difference = pending.difference
    return {
        "state": pending.state,
        "threshold_percent": canonical(pending.threshold_percent),
        "percent": {method: _percent(pending.percent(method)) for method in METHODS},
        "totals": {
            "closed": pending.closed.to_json(),
            "today": None if pending.today is None else pending.today.to_json(),
            "difference": None if difference is None else difference.to_json(),
        },
        "refusal": None if refusal is None else {"rule": refusal.rule, "message": refusal.message},
    }


def _percent(share: Fraction | None) -> str | None:
    if share is None:
        return None
    exact = _PERCENT.divide(Decimal(share.numerator), Decimal(share.denominator))
    return canonical(exact.quantize(PERCENT_STEP, context=_PERCENT))
