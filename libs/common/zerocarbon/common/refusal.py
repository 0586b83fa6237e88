"""A refusal by rule: what a command may not do, said so that its sender can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    `rule` names it (`R105`, `DC19`, `unit-dimension`); `pointer` is the JSON pointer of the field and `row`
    the row of a file, where there is one.
    """

    rule: str
    message: str
    pointer: str | None = None
    row: int | None = None


class Refused(Exception):
    """A command broke at least one rule; nothing has changed. All violations are named at once."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        if not violations:
            raise ValueError("a refusal names at least one violation")
        super().__init__("; ".join(f"{v.rule}: {v.message}" for v in violations))
        self.violations = tuple(violations)


def refuse(rule: str, message: str, pointer: str | None = None) -> Refused:
    """A refusal for one rule, to be raised."""
    return Refused([Violation(rule, message, pointer)])


class NotFound(Exception):
    """What was asked for does not exist, or is not visible to who asked."""

    def __init__(self, noun: str, identity: str) -> None:
        super().__init__(f"no {noun} {identity}")
        self.noun = noun
        self.identity = identity


class Conflict(Exception):
    """The same key or identity stands for something else already; nothing has changed."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


class PreconditionFailed(Exception):
    """The version that the caller had seen is no longer the current one."""
