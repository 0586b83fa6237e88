"""Why a restated version differs: given what was known then and what came since, then these are the parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from zerocarbon.accounting.domain.attribution import CAUSES, Stated, Then, attribute
from zerocarbon.contracts.inventory import AttributedPart, Attribution
from zerocarbon.proof.comparison import totals_less, totals_sum
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Factory, Period, Retirement, Source
from zerocarbon.proof.inventory import Totals, totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.profiles import profiles
from zerocarbon.proof.quantify import InventoryInputs, quantify
from zerocarbon.proof.refusal import Refused

SOURCES = (
    Source("grid", "electricity-import", "electricity", "kWh"),
    Source("boiler", "stationary-fuel", "natural-gas", "Nm3"),
    Source("chiller", "refrigerant", "r404a", "kg"),
    Source("wafers", "scope3", "wafer", "piece", 1),
    Source("trucks", "mobile-fuel", "diesel", "t"),
)
NOTHING: Mapping[str, Decimal] = {}


def wafer_factor(version: int, value: str) -> Factor:
    return Factor(
        id="wafer-supplier",
        version=version,
        purpose="scope3",
        substance="wafer",
        rung="supplier",
        region="organisation",
        year=None,
        value=Decimal(value),
        unit="kgCO2e/piece",
        gas="CO2e",
        published=date(2024, 2, 1),
        source="supplier",
        clause="",
        confidence="approved",
    )


def certificate(units: int, low: int = 0) -> Retirement:
    return Retirement(
        scheme="GEC",
        registry="cn-gec",
        serial="GEC-1",
        low=low,
        high=low + units,
        project="wind",
        technology="onshore-wind",
        country="CN",
        vintage_start=date(2024, 1, 1),
        vintage_end=date(2024, 2, 1),
        retired_on=date(2024, 5, 1),
        registry_reference="r-1",
    )


CLOSED = InventoryInputs(
    factory=Factory("plant", "Asia/Shanghai", "CN", "CN-JS"),
    period=Period(date(2024, 1, 1), date(2024, 2, 1)),
    knowledge_date=date(2025, 6, 20),
    sources=SOURCES,
    quantities={
        "grid": Decimal(300_000),
        "boiler": Decimal(1000),
        "chiller": Decimal("2.5"),
        "wafers": Decimal(150_000),
    },
    retirements=(certificate(100),),
    organisation_factors=(wafer_factor(1, "0.31"),),
)


@dataclass(frozen=True)
class Restated:
    """What came since, and the parts that it was told apart into."""

    late: Mapping[str, Decimal] = field(default_factory=dict)
    corrected: Mapping[str, Decimal] = field(default_factory=dict)
    added: Mapping[str, Decimal] = field(default_factory=dict)
    knowledge_date: date = CLOSED.knowledge_date
    factors: tuple[Factor, ...] = CLOSED.organisation_factors
    retirements: tuple[Retirement, ...] = CLOSED.retirements
    closed: InventoryInputs = CLOSED

    def now(self) -> InventoryInputs:
        quantities = {
            code: held + self.late.get(code, Decimal(0)) + self.corrected.get(code, Decimal(0))
            for code, held in self.closed.quantities.items()
        }
        return replace(
            self.closed,
            quantities={**quantities, **self.added},
            knowledge_date=self.knowledge_date,
            organisation_factors=self.factors,
            retirements=self.retirements,
        )

    def attributed(
        self, frozen: tuple[InventoryLine, ...] | None = None, stated: Stated | None = None
    ) -> dict[str, AttributedPart]:
        """The parts by cause; that they sum to the whole is checked on the way."""
        lines = quantify(self.closed) if frozen is None else frozen
        now = self.now()
        then = Then(lines, self.closed, self.late, self.corrected, len(self.late), len(self.corrected))
        found = attribute(then, now, quantify(now), stated or Stated())
        must_add_up(found, lines, quantify(now))
        return {part.cause: part for part in found.parts}


def must_add_up(
    found: Attribution, before: tuple[InventoryLine, ...], after: tuple[InventoryLine, ...]
) -> None:
    """Per scope, in total, and line by line."""
    parts = [Totals.from_json(part.difference.model_dump(mode="json")) for part in found.parts]
    assert totals_sum(parts) == totals_less(totals(after), totals(before))
    assert [part.cause for part in found.parts] == list(CAUSES)
    by_line: dict[str, Decimal] = {}
    for part in found.parts:
        for line in part.lines:
            by_line[line.line] = by_line.get(line.line, Decimal(0)) + line.co2e_kg
    held = {line.line: line.co2e_kg for line in before}
    new = {line.line: line.co2e_kg for line in after}
    for name in held.keys() | new.keys():
        moved = new.get(name, Decimal(0)) - held.get(name, Decimal(0))
        assert by_line.get(name, Decimal(0)) == moved, name


def moved(parts: Mapping[str, AttributedPart]) -> set[str]:
    """The causes that moved any figure."""
    return {cause for cause, part in parts.items() if part.lines}


class TestParts:
    def test_late_data_are_one_part(self) -> None:
        parts = Restated(late={"wafers": Decimal(1000)}).attributed()
        assert moved(parts) == {"late-data"}
        late = parts["late-data"]
        assert (late.difference.scope3, late.difference.total_market, late.facts) == (310, 310, 1)
        assert [(line.line, line.co2e_kg) for line in late.lines] == [("plant/wafers/both", 310)]

    def test_late_data_and_corrections_of_one_source_are_told_apart(self) -> None:
        parts = Restated(late={"grid": Decimal(1000)}, corrected={"grid": Decimal(-400)}).attributed()
        assert moved(parts) == {"late-data", "correction"}
        assert parts["late-data"].difference.scope2_location == Decimal("597.8")
        assert parts["correction"].difference.scope2_location == Decimal("-239.12")
        assert parts["correction"].difference.scope2_market == -400 * Decimal("0.5856")

    def test_another_version_of_an_own_factor_is_the_factor(self) -> None:
        parts = Restated(factors=(wafer_factor(1, "0.31"), wafer_factor(2, "0.30"))).attributed()
        assert moved(parts) == {"factor"}
        assert parts["factor"].difference.scope3 == -1500

    def test_a_factor_published_since_is_the_factor(self) -> None:
        parts = Restated(knowledge_date=date(2026, 1, 10)).attributed()
        assert moved(parts) == {"factor"}
        assert parts["factor"].difference.scope2_location == 300_000 * (Decimal("0.5827") - Decimal("0.5978"))
        assert "plant/grid/both/upstream" in {line.line for line in parts["factor"].lines}

    def test_what_late_data_do_under_another_factor_is_counted_with_the_factor(self) -> None:
        parts = Restated(late={"grid": Decimal(1000)}, knowledge_date=date(2026, 1, 10)).attributed()
        assert parts["late-data"].difference.scope2_location == Decimal("597.8")
        step = Decimal("0.5827") - Decimal("0.5978")
        assert parts["factor"].difference.scope2_location == 301_000 * step

    def test_another_edition_of_the_potentials_is_told_from_factors(self) -> None:
        closed = replace(
            CLOSED,
            knowledge_date=date(2020, 1, 1),
            quantities={"chiller": Decimal("2.5"), "boiler": Decimal(1000)},
            retirements=(),
        )
        parts = Restated(closed=closed, retirements=(), knowledge_date=date(2025, 6, 20)).attributed()
        assert moved(parts) == {"gwp-set"}
        # AR6 4,728; AR5 0.44 x 3,170 + 0.52 x 4,800 + 0.04 x 1,300.
        assert parts["gwp-set"].difference.scope1 == Decimal("2.5") * (4728 - Decimal("3942.8"))

    def test_a_source_that_had_no_activity_then_is_the_boundary(self) -> None:
        parts = Restated(added={"trucks": Decimal("1.234")}).attributed()
        assert moved(parts) == {"boundary"}
        assert [line.line for line in parts["boundary"].lines] == ["plant/trucks/both"]

    def test_a_source_of_another_kind_is_the_boundary(self) -> None:
        as_mobile = tuple(
            replace(one, kind="mobile-fuel") if one.code == "boiler" else one for one in SOURCES
        )
        frozen = quantify(replace(CLOSED, sources=as_mobile))
        parts = Restated().attributed(frozen)
        assert parts["boundary"].difference.scope1 == 0
        stationary = quantify(CLOSED)
        heavier = tuple(
            replace(line, co2e_kg=line.co2e_kg + 1) if line.source == "boiler" else line for line in frozen
        )
        assert Restated().attributed(heavier)["boundary"].difference.scope1 == -1
        assert Restated().attributed(stationary)["boundary"].lines == []

    def test_certificates_move_the_market_based_figure(self) -> None:
        withdrawn = Restated(retirements=()).attributed()
        assert moved(withdrawn) == {"certificates"}
        assert withdrawn["certificates"].difference.scope2_market == 100_000 * Decimal("0.5856")
        assert withdrawn["certificates"].difference.scope2_location == 0
        more = Restated(retirements=(certificate(100), certificate(20, 100))).attributed()
        assert more["certificates"].difference.scope2_market == -20_000 * Decimal("0.5856")

    def test_what_no_fact_explains_is_the_method_or_the_error_that_was_stated(self) -> None:
        frozen = tuple(
            replace(line, co2e_kg=line.co2e_kg - 12) if line.source == "boiler" else line
            for line in quantify(CLOSED)
        )
        assert moved(Restated().attributed(frozen)) == {"method"}
        stated = Stated("error", "error: the boiler's formula was wrong")
        parts = Restated().attributed(frozen, stated)
        assert moved(parts) == {"error"}
        assert parts["error"].difference.scope1 == 12
        assert parts["error"].note == "stated: error: the boiler's formula was wrong"
        beside = Restated(late={"wafers": Decimal(1)}).attributed(frozen, Stated("late-data", "late"))
        assert moved(beside) == {"method", "late-data"}

    def test_other_factors_under_the_same_facts_are_the_factor(self) -> None:
        older = replace(CLOSED, organisation_factors=(wafer_factor(1, "0.29"),))
        assert moved(Restated().attributed(quantify(older))) == {"factor"}

    def test_a_part_that_cannot_be_computed_stands_in_the_next_one(self) -> None:
        # After the correction there is less power than certificates, until those are reduced too.
        restated = Restated(corrected={"grid": Decimal(-250_000)}, retirements=(certificate(40),))
        parts = restated.attributed()
        assert moved(parts) == {"certificates"}
        note = parts["correction"].note
        assert note is not None
        assert "DC19" in note
        assert "it stands in the part certificates" in note
        assert parts["certificates"].note is not None
        assert "with it stands the part correction" in parts["certificates"].note

    def test_facts_that_cannot_be_told_are_one_part_that_says_so(self) -> None:
        lines = quantify(CLOSED)
        now = Restated(late={"wafers": Decimal(1000)}).now()
        found = attribute(Then(lines, None, NOTHING, NOTHING), now, quantify(now), Stated("late-data", "x"))
        must_add_up(found, lines, quantify(now))
        (error,) = [part for part in found.parts if part.lines]
        assert (error.cause, error.difference.scope3) == ("error", 310)
        assert "could not be told" in (error.note or "")
        assert {part.facts for part in found.parts} == {None}

    def test_nothing_moves_where_nothing_came(self) -> None:
        assert moved(Restated().attributed()) == set()


small = st.decimals(min_value=0, max_value=5000, places=3)
changes = st.dictionaries(st.sampled_from(sorted(CLOSED.quantities)), small, max_size=4)
corrections = st.dictionaries(
    st.sampled_from(sorted(CLOSED.quantities)),
    st.decimals(min_value=-250_000, max_value=250_000, places=3),
    max_size=4,
)
versions = st.integers(0, 3).flatmap(
    lambda count: st.tuples(
        *[
            st.decimals(min_value=0, max_value=2, places=6).map(
                lambda value, number=number: wafer_factor(number, str(value))
            )
            for number in range(2, count + 2)
        ]
    )
)


@settings(deadline=None, max_examples=150)
@given(
    late=changes,
    corrected=corrections,
    added=st.dictionaries(st.just("trucks"), small),
    day=st.dates(date(2024, 6, 1), date(2026, 12, 31)),
    factors=versions,
    then_units=st.integers(0, 300),
    now_units=st.integers(0, 350),
    shift=st.one_of(st.none(), st.decimals(min_value=-5, max_value=5, places=12)),
    kind=st.sampled_from(["late-data", "error", "method"]),
    method=st.sampled_from(sorted(profiles())),
)
def test_the_parts_sum_to_the_whole_whatever_came(
    late: Mapping[str, Decimal],
    corrected: Mapping[str, Decimal],
    added: Mapping[str, Decimal],
    day: date,
    factors: tuple[Factor, ...],
    then_units: int,
    now_units: int,
    shift: Decimal | None,
    kind: str,
    method: str,
) -> None:
    """Also where the programme changed (`shift`), and where a link of the chain is refused."""
    retirements = (certificate(then_units),) if then_units else ()
    closed = replace(CLOSED, retirements=retirements, profile=method)
    restated = Restated(
        late=late,
        corrected=corrected,
        added=added,
        knowledge_date=day,
        factors=(*closed.organisation_factors, *factors),
        retirements=(certificate(now_units),) if now_units else (),
        closed=closed,
    )
    try:
        quantify(restated.now())
    except Refused:
        reject()  # such a version is never closed
    frozen = quantify(closed)
    if shift is not None:
        frozen = (replace(frozen[0], co2e_kg=frozen[0].co2e_kg + shift), *frozen[1:])
    restated.attributed(frozen, Stated(kind, "why"))


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_is_named_even_where_it_moves_nothing(cause: str) -> None:
    part = Restated().attributed()[cause]
    assert set(part.difference.model_dump(mode="json").values()) == {"0"}
