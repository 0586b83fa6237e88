"""A certificate or credit scheme: what its rules, as dated data, say about units.

A rule has a source and a confidence. A rule from memory may refuse and says so; it never permits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from zerocarbon.certificates.domain.vintage import Vintage, months_after
from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.certificate import Project, Purpose, Unit

Confidence = Literal["verified", "seed", "memory"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands, and how sure that is."""

    rule: str
    title: str
    clause: str
    confidence: Confidence

    def violation(self, message: str, pointer: str) -> Violation:
        """A breach of this rule; one from memory says that it is."""
        said = f"{message} (rule from memory, to be confirmed)" if self.confidence == "memory" else message
        return Violation(self.rule, said, pointer)


@dataclass(frozen=True, slots=True)
class Issue:
    """What a registry says about units that it issued."""

    registry: str
    unit: Unit
    project: Project
    vintage: Vintage
    issued_on: date


class IssueRule(Protocol):
    """A rule about what may be issued under a scheme."""

    def breach(self, issue: Issue) -> Violation | None:
        """What is wrong with the issue, if anything."""
        ...


@dataclass(frozen=True, slots=True)
class GenerationWindow:
    """Generation or reduction lies in `[since, until)`; an open end is None."""

    source: Source
    since: date | None
    until: date | None

    def breach(self, issue: Issue) -> Violation | None:
        if self.since is not None and issue.vintage.start < self.since:
            return self.source.violation(f"vintage before {self.since} is not accepted", "/vintage_start")
        if self.until is not None and issue.vintage.end > self.until:
            return self.source.violation(f"vintage from {self.until} on is not accepted", "/vintage_end")
        return None


@dataclass(frozen=True, slots=True)
class IssuedBy:
    """The registry issued on or before a day."""

    source: Source
    last_day: date

    def breach(self, issue: Issue) -> Violation | None:
        if issue.issued_on <= self.last_day:
            return None
        return self.source.violation(f"issued after {self.last_day}", "/issued_on")


@dataclass(frozen=True, slots=True)
class Technologies:
    """Only these technologies, for generation that begins in `[since, until)`."""

    source: Source
    allowed: tuple[str, ...]
    since: date | None
    until: date | None

    def breach(self, issue: Issue) -> Violation | None:
        starts = issue.vintage.start
        if (self.since is not None and starts < self.since) or (
            self.until is not None and starts >= self.until
        ):
            return None
        if issue.project.technology in self.allowed:
            return None
        message = f"{issue.project.technology} is not one of {', '.join(self.allowed)}"
        return self.source.violation(message, "/project/technology")


@dataclass(frozen=True, slots=True)
class Unsubsidised:
    """The plant is known to have no subsidy; an unknown state is not enough."""

    source: Source

    def breach(self, issue: Issue) -> Violation | None:
        if issue.project.subsidised is False:
            return None
        said = "is subsidised" if issue.project.subsidised else "is not stated to be without subsidy"
        return self.source.violation(f"the plant {said}", "/project/subsidised")


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether the month of generation is the first of the months that a validity counts."""

    source: Source
    with_month_of_generation: bool


@dataclass(frozen=True, slots=True)
class Validity:
    """How long units can be used: a number of months, but at least to a day."""

    source: Source
    months: int
    at_least_until: date | None
    counting: Counting

    def first_day_after(self, vintage: Vintage) -> date:
        """The first day on which units of a vintage are expired."""
        return self._ends(vintage, with_month_of_generation=self.counting.with_month_of_generation)

    def breach(self, vintage: Vintage, today: date) -> Violation | None:
        """What stands against using units of a vintage today, if anything. Where it depends on how the months
        are counted, it is the rule of counting that refuses, as sure as that is."""
        expired_on = self.first_day_after(vintage)
        if today < expired_on:
            return None
        beyond_doubt = today >= self._ends(vintage, with_month_of_generation=False)
        source = self.source if beyond_doubt else self.counting.source
        return source.violation(f"generation of {vintage.start:%Y-%m} expired on {expired_on}", "/ranges")

    def _ends(self, vintage: Vintage, *, with_month_of_generation: bool) -> date:
        counted = months_after(vintage.start, self.months + (0 if with_month_of_generation else 1))
        return counted if self.at_least_until is None else max(counted, self.at_least_until)


@dataclass(frozen=True, slots=True)
class TransferLimit:
    """How many times a unit may move to another holder."""

    source: Source
    most: int


@dataclass(frozen=True, slots=True)
class PermittedPurpose:
    """A purpose that units of the scheme may serve."""

    source: Source
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme and its rules. `market` is the country of the plants, None where any is accepted."""

    code: str
    name_en: str
    name_zh: str
    issuer: str
    registry: str
    unit: Unit
    market: str | None
    issue_rules: tuple[IssueRule, ...]
    purposes: tuple[PermittedPurpose, ...]
    validity: Validity | None
    transfer_limit: TransferLimit | None

    def expires_on(self, vintage: Vintage) -> date | None:
        """The first day on which units of a vintage can no longer be used, None without expiry."""
        return self.validity.first_day_after(vintage) if self.validity is not None else None

    def permits(self, purpose: Purpose) -> bool:
        """Whether a rule that is more than memory lets units serve this purpose."""
        return any(
            permitted.purpose == purpose and permitted.source.confidence != "memory"
            for permitted in self.purposes
        )

    def breaches(self, issue: Issue) -> Sequence[Violation]:
        """Everything that is wrong with an issue, by the scheme's own rules and by those for all schemes."""
        found = [rule.breach(issue) for rule in self.issue_rules]
        return [*(violation for violation in found if violation is not None), *self._common_breaches(issue)]

    def _common_breaches(self, issue: Issue) -> Sequence[Violation]:
        found = []
        if issue.registry != self.registry:
            message = f"{self.code} is kept by the registry {self.registry}"
            found.append(Violation("registry-of-scheme", message, "/registry"))
        if issue.unit != self.unit:
            found.append(Violation("R185", f"one unit of {self.code} is one {self.unit}", "/unit"))
        if self.market is not None and issue.project.country != self.market:
            message = f"{self.code} is for plants in {self.market}"
            found.append(Violation("DC15", message, "/project/country"))
        if issue.issued_on < issue.vintage.end:
            message = "units are issued after the generation or reduction, not before it has ended"
            found.append(Violation("DC24", message, "/issued_on"))
        if self.unit == "MWh" and issue.vintage.month is None:
            message = "certificates are issued by month of generation: the vintage lies in one month"
            found.append(Violation("generation-month", message, "/vintage_end"))
        if self.unit == "tCO2e" and issue.project.kind is None:
            message = "a credit is of a kind: avoidance, reduction or removal"
            found.append(Violation("R209", message, "/project/kind"))
        return found
