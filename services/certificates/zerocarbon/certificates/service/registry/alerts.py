"""Alerts that notices lead to."""

from __future__ import annotations

from typing import Literal

from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.alert import AlertRaised


def raise_alert(
    ledger: Ledger,
    rule: str,
    subject_id: str,
    message: str,
    *,
    severity: Literal["notice", "warning", "alarm"],
    organisation_id: str | None = None,
) -> None:
    """Adds an alert to what the ledger records. One alert a rule and subject: name the subject finely."""
    alert = AlertRaised(
        organisation_id=organisation_id,
        subject_id=subject_id,
        rule=rule,
        severity=severity,
        message=message[:2000],
    )
    ledger.beside(f"alert/{natural_id('alert', rule, subject_id)}", alert, organisation_id)
