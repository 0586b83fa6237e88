"""What a registry may issue: the rules of each scheme by date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from zerocarbon.certificates.domain.issue import IssueBlock, issue_block
from zerocarbon.certificates.domain.scheme import Issue
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.vintage import Vintage
from zerocarbon.certificates.schemes.catalogue import MalformedScheme, read_scheme, schemes
from zerocarbon.common.refusal import Refused
from zerocarbon.contracts.certificate import BlockIssued

IssuedEvent = Callable[..., BlockIssued]


def rules(event: BlockIssued) -> set[str]:
    """The rules that stand against an issue."""
    try:
        issue_block(command(event), None, schemes()[event.scheme])
    except Refused as refused:
        return {violation.rule for violation in refused.violations}
    return set()


def command(event: BlockIssued) -> IssueBlock:
    vintage = Vintage(event.vintage_start, event.vintage_end)
    issue = Issue(event.registry, event.unit, event.project, vintage, event.issued_on)
    return IssueBlock(
        event.block_id, event.organisation_id, event.serial, SerialRange(event.low, event.high), issue
    )


def project(event: BlockIssued, **changes: Any) -> BlockIssued:
    return event.model_copy(update={"project": event.project.model_copy(update=changes)})


@pytest.fixture
def irec(gec: IssuedEvent) -> IssuedEvent:
    return lambda **changes: gec(**{"scheme": "IREC_CN", "registry": "evident", **changes})


def test_a_confirmed_block_is_held_as_a_whole(gec: IssuedEvent) -> None:
    event = gec()
    assert issue_block(command(event), None, schemes()["GEC"]) == [event]


def test_a_serial_number_is_issued_once(gec: IssuedEvent, given: Any) -> None:
    event = gec()
    with pytest.raises(Refused, match="R187"):
        issue_block(command(event), given([event]), schemes()["GEC"])


@pytest.mark.requirement("R133", "R129")
@pytest.mark.parametrize(
    ("technology", "month", "broken"),
    [
        ("onshore-wind", date(2023, 7, 1), set()),
        ("centralised-pv", date(2023, 7, 1), set()),
        ("distributed-pv", date(2023, 7, 1), {"R133"}),
        ("offshore-wind", date(2023, 7, 1), {"R133"}),
        ("distributed-pv", date(2023, 8, 1), set()),
        ("offshore-wind", date(2023, 8, 1), set()),
        ("storage", date(2023, 8, 1), {"R133"}),
    ],
)
def test_gec_takes_all_renewables_from_august_2023_on(
    gec: IssuedEvent, technology: str, month: date, broken: set[str]
) -> None:
    event = gec(vintage_start=month, vintage_end=date(month.year, month.month + 1, 1))
    assert rules(project(event, technology=technology)) == broken


@pytest.mark.parametrize(("subsidised", "broken"), [(False, set()), (True, {"R186"}), (None, {"R186"})])
def test_irec_is_for_plants_known_to_have_no_subsidy(
    irec: IssuedEvent, subsidised: bool | None, broken: set[str]
) -> None:
    assert rules(project(irec(), subsidised=subsidised)) == broken


def test_irec_of_mainland_china_ends_with_generation_of_2024(irec: IssuedEvent) -> None:
    december = {"vintage_start": date(2024, 12, 1), "vintage_end": date(2025, 1, 1)}
    january = {"vintage_start": date(2025, 1, 1), "vintage_end": date(2025, 2, 1)}
    assert rules(irec(**december, issued_on=date(2025, 3, 31))) == set()
    assert rules(irec(**december, issued_on=date(2025, 4, 1))) == {"IREC_CN-issued-by-2025-03-31"}
    assert rules(irec(**january, issued_on=date(2025, 3, 1))) == {"IREC_CN-generation-to-2024"}


@pytest.mark.requirement("R185")
def test_one_irec_is_one_mwh_of_wind_sun_or_water(irec: IssuedEvent) -> None:
    assert rules(irec(unit="tCO2e")) == {"R185"}
    assert rules(project(irec(), technology="biomass")) == {"R185"}


def test_ccer_reductions_arose_after_22_september_2020(ccer: IssuedEvent) -> None:
    assert rules(ccer()) == set()
    assert rules(ccer(vintage_start=date(2020, 9, 23))) == set()
    assert rules(ccer(vintage_start=date(2020, 9, 22))) == {"CCER-after-2020-09-22"}


@pytest.mark.requirement("R209")
def test_a_credit_is_avoidance_reduction_or_removal(ccer: IssuedEvent) -> None:
    assert rules(project(ccer(), kind="removal")) == set()
    assert rules(project(ccer(), kind=None)) == {"R209"}


def test_nothing_is_issued_before_it_happened(gec: IssuedEvent) -> None:
    assert rules(gec(issued_on=date(2024, 2, 1))) == set()
    assert rules(gec(issued_on=date(2024, 1, 31))) == {"DC24"}


def test_another_registry_another_market_and_more_than_a_month_are_refused_at_once(gec: IssuedEvent) -> None:
    event = project(gec(registry="evident", vintage_end=date(2024, 2, 2)), country="DE")
    assert rules(event) == {"registry-of-scheme", "DC15", "generation-month"}


def test_every_rule_names_its_source_and_how_sure_it_is() -> None:
    row = {"rule": "R1", "purpose": "scope2-claim", "title": "a", "clause": "b"}
    head = {"code": "X", "name_en": "x", "name_zh": "x", "issuer": "x", "registry": "x", "unit": "MWh"}
    with pytest.raises(MalformedScheme, match="confidence"):
        read_scheme({**head, "purposes": [row]})
    with pytest.raises(MalformedScheme, match="vintage_rule"):
        read_scheme({**head, "vintage_rule": []})
    with pytest.raises(MalformedScheme, match="counted"):
        read_scheme({**head, "validity": {**row, "months": 24}})
    remembered = read_scheme({**head, "purposes": [{**row, "confidence": "memory"}]})
    assert not remembered.permits("scope2-claim")
