"""Whom a declaration is about, and when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Subject:
    """A factory of an organisation. `today` is the business date in the factory's time zone."""

    organisation_id: str
    factory_id: str
    today: date
