"""Inventories by example: given what happened, when somebody decides, then this is recorded or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zerocarbon.accounting.domain import book, closing, exclusion, opening, screening
from zerocarbon.accounting.testing.period import (
    FIRST,
    HASH,
    NOW,
    OPENED,
    OPERATING,
    PREPARER,
    REVIEWER,
    SECOND,
    WISH,
    given,
    refused,
    screened,
)
from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.inventory import (
    RestatementProposed,
    ScreenedCategory,
    Totals,
)


def content(lines_sha256: str = HASH) -> closing.Content:
    zero = Decimal(0)
    return closing.Content(
        factory="plant-a",
        knowledge_date=date(2025, 6, 20),
        gwp_set="AR6",
        lines=[],
        totals=Totals(
            scope1=zero,
            scope2_location=zero,
            scope2_market=zero,
            scope3=zero,
            outside=zero,
            total_location=zero,
            total_market=zero,
        ),
        coverage=[],
        readings_root=HASH,
        readings_count=0,
        retirements=[],
        lines_sha256=lines_sha256,
        pins=[],
    )


class TestOpening:
    def test_an_operating_factory_gets_a_period_with_its_three_boundaries(self) -> None:
        assert opening.open_inventory(given(), WISH, OPERATING) == OPENED

    @pytest.mark.requirement("R8")
    @pytest.mark.parametrize(
        "lacking",
        [
            {"consolidation": None},
            {"scopes": ()},
            {"operational_boundary": None},
            {"operational_boundary": "  "},
            {"start": None},
            {"end": None},
            {"end": date(2024, 1, 1)},
        ],
        ids=str,
    )
    def test_a_lacking_boundary_is_refused(self, lacking: dict[str, object]) -> None:
        wish = replace(WISH, **lacking)  # type: ignore[arg-type]
        assert refused(lambda: opening.open_inventory(given(), wish, OPERATING)) == ["R8"]

    @pytest.mark.parametrize("method", ["ghg-protocol", "iso-14064-1", "cn-other"])
    def test_equity_share_opens_nothing_while_no_share_is_recorded(self, method: str) -> None:
        wish = replace(WISH, profile=method, scopes=("1", "2"), consolidation="equity-share")
        assert refused(lambda: opening.open_inventory(given(), wish, OPERATING)) == ["R8"]

    def test_all_that_lacks_is_named_at_once(self) -> None:
        wish = replace(WISH, consolidation=None, scopes=(), start=None)
        assert refused(lambda: opening.open_inventory(given(), wish, "design")) == ["R8", "R8", "R8", "R4"]

    @pytest.mark.requirement("R4")
    @pytest.mark.parametrize("state", ["design", "construction"])
    def test_only_an_operating_factory_has_periods(self, state: str) -> None:
        assert refused(lambda: opening.open_inventory(given(), WISH, state)) == ["R4"]

    @pytest.mark.requirement("R9")
    def test_only_a_known_method_profile_is_stored(self) -> None:
        wish = replace(WISH, profile="home-made")
        assert refused(lambda: opening.open_inventory(given(), wish, OPERATING)) == ["R9"]

    @pytest.mark.requirement("R178")
    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (date(2024, 1, 1), date(2025, 1, 1)),
            (date(2024, 12, 31), date(2025, 12, 31)),
            (date(2023, 6, 1), date(2024, 6, 1)),
            (date(2025, 1, 2), date(2026, 1, 1)),
            (date(2022, 1, 1), date(2023, 12, 31)),
        ],
    )
    def test_periods_neither_overlap_nor_leave_a_gap(self, start: date, end: date) -> None:
        wish = replace(WISH, inventory_id=SECOND, start=start, end=end)
        assert refused(lambda: opening.open_inventory(given(OPENED), wish, OPERATING)) == ["R178"]

    @pytest.mark.requirement("R178")
    @pytest.mark.parametrize(
        ("start", "end"),
        [(date(2025, 1, 1), date(2026, 1, 1)), (date(2023, 1, 1), date(2024, 1, 1))],
    )
    def test_the_next_and_the_previous_period_adjoin(self, start: date, end: date) -> None:
        wish = replace(WISH, inventory_id=SECOND, start=start, end=end)
        after = book.evolve(given(OPENED), opening.open_inventory(given(OPENED), wish, OPERATING))
        assert [(one.start, one.end) for one in after.inventories] == sorted(
            [(start, end), (date(2024, 1, 1), date(2025, 1, 1))]
        )


class TestScreening:
    def test_a_later_answer_replaces_an_earlier_one(self) -> None:
        after = given(OPENED, screened((1, "not-relevant"), (2, "calculated")), screened((1, "calculated")))
        assert [(one.category, one.state) for one in after.inventories[0].screening] == [
            (1, "calculated"),
            (2, "calculated"),
        ]

    @pytest.mark.requirement("R16")
    def test_what_is_not_calculated_needs_a_reason(self) -> None:
        answers = [
            ScreenedCategory(category=14, state="not-relevant"),
            ScreenedCategory(category=13, state="not-calculated"),
            ScreenedCategory(category=1, state="calculated"),
        ]
        act = lambda: screening.record_screening(given(OPENED), FIRST, answers, PREPARER)  # noqa: E731
        assert refused(act) == ["R16", "R16", "R16"]

    def test_a_category_is_answered_once(self) -> None:
        answers = [ScreenedCategory(category=1, state="calculated")] * 2
        act = lambda: screening.record_screening(given(OPENED), FIRST, answers, PREPARER)  # noqa: E731
        assert refused(act) == ["R16"]


WISH_TO_EXCLUDE = exclusion.ExcludeSource(FIRST, "lawn-mower", "used twice a year", Decimal(40), PREPARER)
SOURCES = frozenset({"lawn-mower"})


@pytest.mark.requirement("R26")
class TestExclusion:
    def test_an_exclusion_holds_once_somebody_else_approved_it(self) -> None:
        proposed = exclusion.propose_exclusion(given(OPENED), WISH_TO_EXCLUDE, SOURCES)
        waiting = given(OPENED, proposed)
        assert waiting.inventories[0].approved_exclusions() == ()
        approved = exclusion.approve_exclusion(waiting, FIRST, "lawn-mower", REVIEWER)
        (held,) = book.evolve(waiting, approved).inventories[0].approved_exclusions()
        assert (held.source, held.reason, held.estimate_kg, held.approver_id) == (
            "lawn-mower",
            "used twice a year",
            Decimal(40),
            REVIEWER,
        )

    @pytest.mark.parametrize(
        "lacking",
        [
            {"reason": None},
            {"reason": " "},
            {"estimate_kg": None},
            {"estimate_kg": Decimal(-1)},
            {"source": "x"},
        ],
        ids=str,
    )
    def test_reason_estimate_and_source_are_needed(self, lacking: dict[str, object]) -> None:
        wish = replace(WISH_TO_EXCLUDE, **lacking)  # type: ignore[arg-type]
        assert refused(lambda: exclusion.propose_exclusion(given(OPENED), wish, SOURCES)) == ["R26"]

    def test_the_proposer_does_not_approve(self) -> None:
        waiting = given(OPENED, exclusion.propose_exclusion(given(OPENED), WISH_TO_EXCLUDE, SOURCES))
        assert refused(lambda: exclusion.approve_exclusion(waiting, FIRST, "lawn-mower", PREPARER)) == ["R26"]

    def test_nothing_is_approved_that_was_not_proposed(self) -> None:
        act = lambda: exclusion.approve_exclusion(given(OPENED), FIRST, "lawn-mower", REVIEWER)  # noqa: E731
        assert refused(act) == ["R26"]


def close(on: book.Book, reviewer: str = REVIEWER, inventory_id: str = FIRST, sha: str = HASH) -> Event:
    return closing.close_inventory(on, inventory_id, reviewer, NOW, [], content(sha))


class TestClosing:
    @pytest.mark.requirement("R175")
    def test_the_reviewer_did_not_prepare(self) -> None:
        assert refused(lambda: close(given(OPENED), PREPARER)) == ["R175"]
        helped = screened((1, "calculated")).model_copy(update={"preparer_id": REVIEWER})
        assert refused(lambda: close(given(OPENED, helped))) == ["R175"]
        closed = close(given(OPENED))
        assert (closed.preparer_id, closed.reviewer_id, closed.version) == (PREPARER, REVIEWER, 1)  # type: ignore[attr-defined]

    def test_an_open_question_refuses_the_close_and_keeps_its_rule(self) -> None:
        asked = [Violation("R38", "there are no data of purchased electricity")]
        act = lambda: closing.close_inventory(given(OPENED), FIRST, REVIEWER, NOW, asked, content())  # noqa: E731
        assert refused(act) == ["R38"]

    def test_a_closed_version_is_never_edited(self) -> None:
        closed = given(OPENED, close(given(OPENED)))
        acts: Sequence[Callable[[], object]] = [
            lambda: close(closed),
            lambda: screening.record_screening(
                closed, FIRST, [ScreenedCategory(category=1, state="calculated")], PREPARER
            ),
            lambda: exclusion.propose_exclusion(closed, WISH_TO_EXCLUDE, SOURCES),
        ]
        assert [refused(act) for act in acts] == [["closed"]] * 3


class TestRestatement:
    def propose(self, on: book.Book, inventory_id: str = FIRST) -> RestatementProposed:
        return closing.propose_restatement(
            on, inventory_id, SECOND, "late-data", "invoice came late", PREPARER
        )

    def test_a_closed_version_is_superseded_for_a_stated_reason(self) -> None:
        closed = given(OPENED, close(given(OPENED)))
        at_work = book.evolve(closed, self.propose(closed))
        again = close(at_work, inventory_id=SECOND, sha="1" * 64)
        assert (again.version, again.supersedes, again.restatement_reason) == (  # type: ignore[attr-defined]
            2,
            FIRST,
            "late-data: invoice came late",
        )
        after = book.evolve(at_work, again)
        assert [one.inventory_id for one in after.inventories[0].versions] == [FIRST, SECOND]

    def test_a_restatement_that_changes_nothing_is_refused(self) -> None:
        closed = given(OPENED, close(given(OPENED)))
        at_work = book.evolve(closed, self.propose(closed))
        assert refused(lambda: close(at_work, inventory_id=SECOND)) == ["restatement"]

    def test_only_the_newest_closed_version_is_restated(self) -> None:
        assert refused(lambda: self.propose(given(OPENED))) == ["restatement"]
        closed = given(OPENED, close(given(OPENED)))
        at_work = book.evolve(closed, self.propose(closed))
        assert refused(lambda: self.propose(at_work)) == ["restatement"]
        after = book.evolve(at_work, close(at_work, inventory_id=SECOND, sha="1" * 64))
        assert refused(lambda: self.propose(after)) == ["restatement"]
