"""What still stands between a draft and its close: every open question, named by its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from zerocarbon.accounting.domain.book import Inventory
from zerocarbon.accounting.domain.screening import CATEGORIES
from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.inventory import MeterCoverage, ScreenedCategory
from zerocarbon.proof.facts import Source

RELEVANT_BY_DEFAULT = frozenset({1, 3, 4, 5, 6, 8, 9, 10, 12})
"""The categories that the guide lists for photovoltaic makers; the other six are screened (R39)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about the period of a draft.

    `with_data` are the codes of sources with data in the period; `today` is the factory's day; `parked` is
    the number of events of this factory that could not be read; `calculated` are the scope 3 categories with
    a line; `findings` are what the fold and the quantification refused, by rule.
    """

    sources: Sequence[Source]
    with_data: frozenset[str]
    coverage: Sequence[MeterCoverage]
    calculated: frozenset[int]
    parked: int
    today: date
    findings: Sequence[Violation] = field(default=())


def open_questions(inventory: Inventory, evidence: Evidence) -> list[Violation]:
    """All that must be answered before the close, in a fixed order."""
    excluded = frozenset(exclusion.source for exclusion in inventory.approved_exclusions())
    found: list[Violation] = []
    if evidence.today < inventory.end:
        found.append(Violation("R178", f"the period runs until {inventory.end} and is not over"))
    if evidence.parked:
        message = f"{evidence.parked} events of this factory could not be read and stand aside"
        found.append(Violation("parked-events", message))
    found += _waiting_exclusions(inventory)
    found += _sources(inventory, evidence, excluded)
    found += _coverage(evidence, excluded)
    found += evidence.findings
    if "3" in inventory.opened.scopes:
        found += _categories(inventory, evidence)
    return found


def answered(inventory: Inventory, calculated: frozenset[int]) -> tuple[ScreenedCategory, ...]:
    """The answers that the closed version carries: a category that is relevant by default and has lines needs
    no recorded answer (R39)."""
    given = {answer.category: answer for answer in inventory.screening}
    defaults = {
        category: ScreenedCategory(category=category, state="calculated")
        for category in RELEVANT_BY_DEFAULT & calculated
    }
    both = defaults | given
    return tuple(both[category] for category in sorted(both))


def _waiting_exclusions(inventory: Inventory) -> list[Violation]:
    return [
        Violation(
            "R26", f"the exclusion of {one.proposed.source} waits for approval", _place(one.proposed.source)
        )
        for one in inventory.exclusions
        if one.approver_id is None
    ]


def _sources(inventory: Inventory, evidence: Evidence, excluded: frozenset[str]) -> list[Violation]:
    inside = [
        source for source in evidence.sources if source.kind != "scope3" or "3" in inventory.opened.scopes
    ]
    found = [
        Violation(
            "R7", f"source {source.code} has neither data nor an approved exclusion", _place(source.code)
        )
        for source in sorted(inside, key=lambda source: source.code)
        if source.code not in evidence.with_data and source.code not in excluded
    ]
    electricity = {source.code for source in inside if source.kind == "electricity-import"}
    if not electricity & (evidence.with_data | excluded):
        found.append(Violation("R38", "there are no data on purchased electricity"))
    return found


def _coverage(evidence: Evidence, excluded: frozenset[str]) -> list[Violation]:
    return [
        Violation(
            "coverage",
            f"meter {meter.meter} has {meter.read} of {meter.expected} intervals",
            f"/meters/{meter.meter}",
        )
        for meter in evidence.coverage
        if meter.read < meter.expected and meter.source not in excluded
    ]


def _categories(inventory: Inventory, evidence: Evidence) -> list[Violation]:
    answers = {answer.category: answer for answer in answered(inventory, evidence.calculated)}
    found = []
    for category in CATEGORIES:
        place = f"/screening/{category}"
        answer = answers.get(category)
        if answer is None:
            rule = "R16" if category in RELEVANT_BY_DEFAULT else "R39"
            found.append(Violation(rule, f"scope 3 category {category} is not screened", place))
        elif answer.state == "calculated" and category not in evidence.calculated:
            message = f"scope 3 category {category} is said to be calculated, but no source of it has data"
            found.append(Violation("R16", message, place))
        elif answer.state != "calculated" and category in evidence.calculated:
            message = f"scope 3 category {category} is said to be {answer.state}, but a source of it has data"
            found.append(Violation("R16", message, place))
    return found


def _place(source: str) -> str:
    return f"/sources/{source}"
