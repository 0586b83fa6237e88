"""Calendar months: application periods are equal in months, not in days (R212)."""

from __future__ import annotations

import calendar
from datetime import date

from zerocarbon.proof.period import Period


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(period: Period) -> int | None:
    """How many calendar months a period has; none if it is no whole number of them."""
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    return months if add_months(period.start, months) == period.end else None
