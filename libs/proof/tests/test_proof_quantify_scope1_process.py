"""Process gases. Expected figures are chains of plain decimal steps in the shape of the IPCC 2019 Refinement,
volume 3 chapter 6: E = C (1 - U) (1 - a.D.u), by-products C.B (1 - a.D_b.u), C by the balance of stocks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.factors.choice import AmbiguousFactor
from zerocarbon.proof.facts import Source
from zerocarbon.proof.inventory import gas_groups, scope1_classes
from zerocarbon.proof.quantify import quantify
from zerocarbon.proof.quantify.attributes import FaultyAttribute
from zerocarbon.proof.quantify.calculation import BadAttribute
from zerocarbon.proof.quantify.flows import FaultyFlow, NegativeBalance
from zerocarbon.proof.testing.scope1 import masses, only_line, own_factor, source, term, year

EVIDENCED = {
    "abatement_evidence": "sha256:5f",
    "abated_share": "0.9",
    "destruction": "0.95",
    "destruction_cf4": "0.8",
    "destruction_c2f6": "0.7",
    "uptime": "0.98",
}
NF3 = (
    own_factor("process-utilisation", "nf3", "0.98", "1", "NF3"),
    own_factor("process-by-product", "nf3", "0.02", "kg/kg", "CF4"),
    own_factor("process-by-product", "nf3", "3", "gC2F6/kg", "C2F6"),
)
STOCKED = source("pecvd", "process-gas", "nf3", counts="received")
OPENING, CLOSING = term(STOCKED, "opening-stock"), term(STOCKED, "closing-stock")
RETURNED, HEEL = term(STOCKED, "returned"), term(STOCKED, "heel")


def test_several_by_products_each_with_its_own_destruction() -> None:
    consumed = Decimal("1260")
    # NF3: the 2 % that the plasma left, of which 0.9 x 0.95 x 0.98 = 0.8379 is destroyed
    nf3 = consumed * Decimal("0.02") * (1 - Decimal("0.8379"))
    # CF4: 20 g of each kilogram, of which 0.9 x 0.8 x 0.98 = 0.7056 is destroyed
    cf4 = consumed * Decimal("0.02") * (1 - Decimal("0.7056"))
    # C2F6: 3 g of each kilogram, of which 0.9 x 0.7 x 0.98 = 0.6174 is destroyed
    c2f6 = consumed * Decimal("0.003") * (1 - Decimal("0.6174"))
    line = only_line(year((source("pecvd", "process-gas", "nf3", **EVIDENCED), "1260"), own=NF3))
    assert masses(line) == {"NF3": nf3, "PFC-116": c2f6, "PFC-14": cf4}
    assert line.co2e_kg == nf3 * 17400 + cf4 * 7380 + c2f6 * 12400
    assert scope1_classes([line])["process"] == line.co2e_kg
    groups = gas_groups([line], "location")
    assert (groups["NF3"], groups["PFCs"]) == (nf3 * 17400, cf4 * 7380 + c2f6 * 12400)


def test_a_destruction_that_names_no_by_product_shows_nothing_where_there_are_two() -> None:
    unnamed = {name: value for name, value in EVIDENCED.items() if not name.startswith("destruction_")}
    line = only_line(
        year((source("pecvd", "process-gas", "nf3", **unnamed, destruction_by_product="0.9"), "100"), own=NF3)
    )
    assert masses(line)["PFC-14"] == Decimal(100) * Decimal("0.02")
    assert masses(line)["PFC-116"] == Decimal(100) * Decimal("0.003")


def test_two_own_rates_of_one_by_product_are_ambiguous() -> None:
    twice = own_factor("process-by-product", "any", "0.01", "kg/kg", "C3F8")
    other = replace(twice, id="another")
    with pytest.raises(AmbiguousFactor):
        quantify(year((source("etch", "process-gas", "nf3"), "1"), own=(twice, other)))


def test_consumption_by_the_balance_of_stocks_less_a_weighed_heel() -> None:
    # 120 + 1,500 - 95.5 - 40 = 1,484.5; less 61.25 left in the emptied cylinders
    consumed = Decimal("120") + 1500 - Decimal("95.5") - 40 - Decimal("61.25")
    line = only_line(
        year((STOCKED, "1500"), (OPENING, "120"), (CLOSING, "95.5"), (RETURNED, "40"), (HEEL, "61.25"))
    )
    assert line.quantity == consumed
    assert line.co2e_kg == consumed * 17400
    assert "closing-stock: 95.5 kg (pecvd-closing-stock)" in line.notes


def test_stocks_of_consecutive_months_cancel_but_for_the_first_and_the_last() -> None:
    # Two stock-takings of each month add up in the year: 10 + 14 + 9 opening, 14 + 9 + 11 closing.
    by_month = only_line(year((STOCKED, "300"), (OPENING, "33"), (CLOSING, "34")))
    by_year = only_line(year((STOCKED, "300"), (OPENING, "10"), (CLOSING, "11")))
    assert by_month.co2e_kg == by_year.co2e_kg == 299 * 17400


def test_stocks_may_be_recorded_in_another_unit_of_mass() -> None:
    in_grams = term(STOCKED, "opening-stock", "g")
    line = only_line(year((STOCKED, "10"), (in_grams, "2500"), (CLOSING, "1")))
    assert line.quantity == Decimal("11.5")


BALANCED = ((STOCKED, "100"), (OPENING, "0"), (CLOSING, "0"))


def with_heel(choice: str) -> Source:
    return source("pecvd", "process-gas", "nf3", counts="received", heel=choice)


def test_the_default_heel_would_lower_the_figure_and_is_not_confirmed() -> None:
    line = only_line(year((with_heel("default"), "100"), *BALANCED[1:]))
    assert line.co2e_kg == 100 * 17400
    assert any("default heel is not confirmed" in note for note in line.notes)


def test_an_approved_heel_of_the_organisation_counts() -> None:
    heel = own_factor("process-heel", "nf3", "0.08", "1", "NF3")
    line = only_line(year((with_heel("default"), "100"), *BALANCED[1:], own=(heel,)))
    assert line.co2e_kg == Decimal(100) * (1 - Decimal("0.08")) * 17400
    assert [use.factor for use in line.factors] == ["process-heel-nf3-nf3"]


@pytest.mark.parametrize(
    ("recorded", "rule", "place"),
    [
        # The heel weighed and by default.
        (((with_heel("default"), "100"), *BALANCED[1:], (HEEL, "4")), "rules 4", r"pecvd\.heel: weighed"),
        # Called weighed, and no weight is there.
        (((with_heel("weighed"), "100"), *BALANCED[1:]), "R7", r"pecvd\.heel: called weighed"),
        # A consumption is net of its heel.
        (((source("pecvd", "process-gas", "nf3", heel="default"), "1"),), "rules 4", r"pecvd\.heel: a cons"),
        # A balance beside a consumption.
        (
            ((source("pecvd", "process-gas", "nf3"), "1"), (OPENING, "1")),
            "rules 4",
            r"pecvd-opening-stock\.balance_of: pecvd counts a consumption",
        ),
        # A balance without one of its stocks would lower the figure.
        (((STOCKED, "100"), (CLOSING, "20")), "R7", r"pecvd\.counts: a balance needs the opening-stock"),
        (((STOCKED, "100"), (OPENING, "20")), "R7", r"pecvd\.counts: a balance needs the closing-stock"),
        # A term of nothing, of something that has no such term, and of nobody.
        (((OPENING, "1"),), "rules 4", r"opening-stock\.balance_of: no process-gas source 'pecvd' has data"),
        (((term(STOCKED, "sludge"), "1"), *BALANCED), "rules 4", r"pecvd-sludge\.flow: 'sludge' is not one"),
        (
            ((source("lost", "process-gas", "nf3", flow="returned"), "1"),),
            "rules 4",
            r"lost\.balance_of: the term 'returned' names no source",
        ),
        (
            ((source("pecvd", "process-gas", "nf3", counts="guesses"), "1"),),
            "R7",
            r"counts: 'guesses'",
        ),
    ],
)
def test_consumption_that_is_told_twice_or_by_halves_is_refused(
    recorded: tuple[tuple[Source, str], ...], rule: str, place: str
) -> None:
    with pytest.raises(FaultyAttribute, match=place) as refused:
        quantify(year(*recorded))
    assert refused.value.rule == rule


def test_a_term_of_another_substance_than_its_owners_is_refused() -> None:
    other = replace(CLOSING, substance="sf6")
    with pytest.raises(FaultyFlow, match=r"pecvd-closing-stock\.balance_of: 'sf6' is no term of pecvd"):
        quantify(year((STOCKED, "100"), (OPENING, "0"), (other, "20")))
    same = replace(CLOSING, substance="NF3")
    assert only_line(year((STOCKED, "100"), (OPENING, "0"), (same, "20"))).quantity == 80


@pytest.mark.parametrize("heel", ["0", "30"])
def test_a_balance_below_zero_is_refused_and_never_clamped(heel: str) -> None:
    closing = "111" if heel == "0" else "80"
    with pytest.raises(NegativeBalance, match="pecvd: the balance gives -"):
        quantify(year((STOCKED, "100"), (OPENING, "9"), (CLOSING, closing), (HEEL, heel)))


@pytest.mark.parametrize(
    ("attributes", "place"),
    [
        ({"destruction_cf5": "0.5"}, r"pecvd\.destruction_cf5: 'cf5' is no gas"),
        ({"destruction_cf4": "1.5"}, r"pecvd\.destruction_cf4: 1.5 is no share"),
        (
            {"destruction_cf4": "0.5", "destruction_pfc-14": "0.5"},
            r"pfc-14: destruction_cf4 states",
        ),
    ],
)
def test_a_destruction_of_nothing_known_is_refused(attributes: dict[str, str], place: str) -> None:
    shown = source("pecvd", "process-gas", "nf3", abatement_evidence="log", **attributes)
    with pytest.raises(FaultyAttribute, match=place):
        quantify(year((shown, "1"), own=NF3))


def test_a_utilisation_above_one_is_refused() -> None:
    too_much = own_factor("process-utilisation", "nf3", "1.2", "1", "NF3")
    with pytest.raises(BadAttribute, match=r"process-utilisation-nf3-nf3: 1\.2"):
        quantify(year((source("pecvd", "process-gas", "nf3"), "1"), own=(too_much,)))


def test_a_utilisation_acts_only_beside_a_by_product_rate() -> None:
    used = own_factor("process-utilisation", "c2f6", "0.4", "1", "C2F6")
    etched = (source("etch", "process-gas", "c2f6"), "100")
    alone = only_line(year(etched, own=(used,)))
    assert alone.co2e_kg == 100 * 12400
    assert alone.factors == ()
    assert any("does not act without a by-product rate" in note for note in alone.notes)
    rate = own_factor("process-by-product", "c2f6", "0.2", "kg/kg", "CF4")
    both = only_line(year(etched, own=(used, rate)))
    assert both.co2e_kg == 60 * 12400 + 20 * 7380
    none_formed = only_line(year(etched, own=(used, replace(rate, value=Decimal(0)))))
    assert none_formed.co2e_kg == 60 * 12400
    assert [use.factor for use in none_formed.factors] == [used.id, rate.id]


def test_nitrous_oxide_of_oxide_layers_is_a_process_gas() -> None:
    abated = {"abatement_evidence": "log", "abated_share": "1", "destruction": "0.5", "uptime": "0.9"}
    line = only_line(year((source("oxide", "process-gas", "n2o", **abated), "800")))
    # 800 x (1 - 0.5 x 0.9) = 440 kg x 273
    assert (line.category, line.co2e_kg) == ("process", Decimal(440) * 273)


def test_a_process_gas_outside_the_basket_stands_outside_the_scopes() -> None:
    line = only_line(year((source("nitride", "process-gas", "r717"), "50")))
    assert (line.scope, line.category, line.co2e_kg) == ("outside", "other", 0)


SHARES = st.decimals(min_value=0, max_value=1, places=4).map(str)


def emitted(**attributes: str) -> Decimal:
    return only_line(
        year((source("pecvd", "process-gas", "nf3", **{**EVIDENCED, **attributes}), "100"), own=NF3)
    ).co2e_kg


@given(
    name=st.sampled_from(["abated_share", "uptime", "destruction", "destruction_cf4", "destruction_c2f6"]),
    one=SHARES,
    other=SHARES,
)
def test_more_abatement_never_raises_the_figure(name: str, one: str, other: str) -> None:
    less, more = sorted((one, other), key=Decimal)
    assert emitted(**{name: more}) <= emitted(**{name: less})


@given(missing=st.sets(st.sampled_from(sorted(EVIDENCED)), min_size=1))
def test_what_is_not_shown_never_lowers_the_figure(missing: set[str]) -> None:
    kept = {name: value for name, value in EVIDENCED.items() if name not in missing}
    less_shown = only_line(year((source("pecvd", "process-gas", "nf3", **kept), "100"), own=NF3))
    assert less_shown.co2e_kg >= emitted()
    if "abatement_evidence" in missing:
        assert less_shown.co2e_kg == emitted(uptime="0")


def test_no_other_horizon_than_a_hundred_years_can_be_asked_for() -> None:
    asked = source("oxide", "process-gas", "n2o", gwp_horizon="20", horizon_years="20", gwp="1")
    line = only_line(year((asked, "1")))
    assert (line.gwp_set, line.co2e_kg) == ("AR6", 273)
