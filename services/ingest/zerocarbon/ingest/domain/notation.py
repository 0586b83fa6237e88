"""How instants, days and quantities are written: judged here, so that one bad text hides no other fault."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from zerocarbon.proof.numbers import NotExact, parse

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Illegible(ValueError):
    """What was written is not what stands in that place. `rule` is `time`, `date` or `number`."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def instant(said: object) -> datetime:
    """A moment in UTC, out of ISO 8601 with its offset.

    Raises:
        Illegible: rule `time`.
    """
    if not isinstance(said, str) or not _INSTANT.fullmatch(said):
        raise Illegible("time", f"{_shown(said)} is no instant such as '2024-01-31T16:00:00Z'")
    try:
        return datetime.fromisoformat(said).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Illegible("time", f"{_shown(said)} is no instant: {wrong}") from wrong


def day(said: object) -> date:
    """A local day, out of ISO 8601.

    Raises:
        Illegible: rule `date`.
    """
    if not isinstance(said, str) or not _DAY.fullmatch(said):
        raise Illegible("date", f"{_shown(said)} is no date such as '2024-01-31'")
    try:
        return date.fromisoformat(said)
    except ValueError as wrong:
        raise Illegible("date", f"{_shown(said)} is no date: {wrong}") from wrong


def quantity(said: object) -> Decimal:
    """An exact, finite quantity out of text; a JSON number is refused, because it has been a float.

    Raises:
        Illegible: rule `number`.
    """
    if not isinstance(said, str):
        raise Illegible("number", 'a quantity is written as a string, such as "12.5"')
    try:
        return parse(said)
    except NotExact:
        raise Illegible(
            "number", f"{_shown(said)} is not a plain, finite decimal number of at most 24 digits"
        ) from None


def _shown(said: object) -> str:
    text = repr(said)
    return text if len(text) <= 60 else f"{text[:60]}…"
