"""What a caller wants retired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zerocarbon.certificates.domain.choice import Chosen
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.contracts.certificate import Unit


@dataclass(frozen=True, slots=True)
class Order:
    """Units for one claim: exactly these ranges, or as many of the oldest vintage.

    `schemes` narrows the choice; it is ignored where ranges are given.
    """

    correlation_id: str
    organisation_id: str
    claim: Claim
    unit: Unit
    quantity: int
    expires_at: datetime
    ranges: tuple[Chosen, ...] = ()
    schemes: tuple[str, ...] = ()
    claim_id: str | None = None
