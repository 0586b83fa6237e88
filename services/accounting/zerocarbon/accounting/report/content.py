"""The figures of a report: views over the lines of a closed version, each an exact sum of rounded lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zerocarbon.accounting.report.facts import Amount, ReportFacts
from zerocarbon.accounting.report.grades import CONFIDENCES, RUNGS, confidence_of, graded, rung_of
from zerocarbon.contracts.inventory import Attribution, ScreenedCategory, Totals
from zerocarbon.proof.categories import SCOPE3_CATEGORIES
from zerocarbon.proof.gwp import GwpSet, gwp_table
from zerocarbon.proof.inventory import (
    gas_groups,
    iso_categories,
    renewable_share,
    scope1_classes,
    scope3_by_category,
    under,
)
from zerocarbon.proof.line import Basis, FactorUse, InventoryLine
from zerocarbon.proof.numbers import total
from zerocarbon.proof.profile_views import GuideAmount, guide_amounts
from zerocarbon.proof.profiles import Profile, UnknownProfile, profile
from zerocarbon.proof.screening import sbti_target_due, scope3_share

SCOPES = ("1", "2", "3")
OUTSIDE = "outside"
LOCATION: Basis = "location"
MARKET: Basis = "market"


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of the inventory."""

    code: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class GasGroup:
    """One of the seven groups, or what factors count without splitting it; `direct_kg` is scope 1."""

    code: str
    direct_kg: Decimal
    amount: Amount


@dataclass(frozen=True, slots=True)
class GasOfLines:
    """A gas as it stands in lines: masses and CO2e in kilograms under one potential."""

    gas: str
    gwp: Decimal
    mass: Amount
    amount: Amount


@dataclass(frozen=True, slots=True)
class Screened:
    """A scope 3 category with its answer and what its lines come to."""

    answer: ScreenedCategory
    co2e_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Outside:
    """A gas outside the scopes."""

    category: str
    gas: str
    gwp: Decimal
    mass_kg: Decimal
    co2e_kg: Decimal


@dataclass(frozen=True, slots=True)
class UsedFactor:
    """A factor and the names of the lines that used it."""

    use: FactorUse
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the whole as exact fractions; `scope3_target_due` is the duty of R41."""

    electricity: tuple[Fraction, Fraction]
    scope3: tuple[Fraction, Fraction]
    scope3_target_due: tuple[bool, bool]
    renewable_electricity: Fraction | None


@dataclass(frozen=True, slots=True)
class Causes:
    """Why a version differs from the one before: parts by cause, which sum to the difference."""

    before: Amount
    parts: tuple[Part, ...]
    difference: Amount


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Every figure that the report shows, beside those that stand in `facts` already."""

    facts: ReportFacts
    scopes: tuple[Part, ...]
    whole: Amount
    outside_kg: Decimal
    iso: tuple[Part, ...]
    iso_parts: tuple[Part, ...]
    gas_groups: tuple[GasGroup, ...]
    gases: tuple[GasOfLines, ...]
    scope1: tuple[tuple[str, Decimal | None], ...]
    carriers: tuple[Part, ...]
    scope3: tuple[Screened, ...]
    outside: tuple[Outside, ...]
    factors: tuple[UsedFactor, ...]
    rungs: tuple[Part, ...]
    confidences: tuple[Part, ...]
    excluded_kg: Decimal
    not_calculated_kg: Decimal
    shares: Shares
    gwp_set: GwpSet | None
    profile: Profile | None
    guide: tuple[GuideAmount, ...]
    attribution: Causes | None

    @property
    def one_total(self) -> bool:
        """Whether the method profile knows one total only, and no two methods of scope 2."""
        return self.profile is not None and self.profile.headline == ("both",)


def content_of(facts: ReportFacts) -> ReportContent:
    """The figures of a report."""
    lines, totals = facts.lines, facts.closed.totals
    known = _profile(facts.closed.profile)
    counted = tuple(line for line in lines if line.scope != OUTSIDE)
    whole = _whole(totals)
    return ReportContent(
        facts=facts,
        scopes=(
            Part("1", Amount(totals.scope1, totals.scope1)),
            Part("2", Amount(totals.scope2_location, totals.scope2_market)),
            Part("3", Amount(totals.scope3, totals.scope3)),
        ),
        whole=whole,
        outside_kg=totals.outside,
        iso=_both(lines, iso_categories),
        iso_parts=_parts(counted, lambda line: line.iso_category),
        gas_groups=_gas_groups(lines),
        gases=_gases(counted),
        scope1=tuple(scope1_classes(lines).items()),
        carriers=_parts([line for line in lines if line.scope == "2"], lambda line: line.category),
        scope3=_screened(facts),
        outside=_outside(lines),
        factors=_factors(lines),
        rungs=graded(RUNGS, _parts(counted, rung_of)),
        confidences=graded(CONFIDENCES, _parts(counted, confidence_of)),
        excluded_kg=total(one.estimate_kg for one in facts.closed.exclusions),
        not_calculated_kg=total(
            one.estimate_kg for one in facts.closed.screening if one.estimate_kg is not None
        ),
        shares=_shares(lines, whole, totals.scope3),
        gwp_set=next((one for one in gwp_table().sets if one.code == facts.closed.gwp_set), None),
        profile=known,
        guide=guide_amounts(lines, known) if known is not None else (),
        attribution=_causes(facts.closed.attribution),
    )


def _causes(found: Attribution | None) -> Causes | None:
    if found is None:
        return None
    return Causes(
        before=_whole(found.before),
        parts=tuple(Part(part.cause, _whole(part.difference)) for part in found.parts),
        difference=_whole(found.difference),
    )


def _whole(totals: Totals) -> Amount:
    return Amount(totals.total_location, totals.total_market)


def _profile(code: str) -> Profile | None:
    """A method profile, or nothing where this version of the product does not know it."""
    try:
        return profile(code)
    except UnknownProfile:
        return None


def _sum(lines: Iterable[InventoryLine]) -> Decimal:
    return total(line.co2e_kg for line in lines)


def _amount(lines: Sequence[InventoryLine]) -> Amount:
    return Amount(_sum(under(lines, LOCATION)), _sum(under(lines, MARKET)))


def _parts(lines: Sequence[InventoryLine], code_of: Callable[[InventoryLine], str]) -> tuple[Part, ...]:
    groups: dict[str, list[InventoryLine]] = {}
    for line in lines:
        groups.setdefault(code_of(line), []).append(line)
    return tuple(Part(code, _amount(members)) for code, members in sorted(groups.items()))


def _both(
    lines: Sequence[InventoryLine], view: Callable[[Sequence[InventoryLine], Basis], dict[str, Decimal]]
) -> tuple[Part, ...]:
    location, market = view(lines, LOCATION), view(lines, MARKET)
    return tuple(Part(code, Amount(location[code], market[code])) for code in location)


def _gas_groups(lines: Sequence[InventoryLine]) -> tuple[GasGroup, ...]:
    direct = gas_groups([line for line in lines if line.scope == "1"], LOCATION)
    return tuple(GasGroup(one.code, direct[one.code], one.amount) for one in _both(lines, gas_groups))


def _gases(lines: Sequence[InventoryLine]) -> tuple[GasOfLines, ...]:
    keys = sorted({(mass.gas, mass.gwp) for line in lines for mass in line.gases})
    found = []
    for gas, gwp in keys:
        location, market = (
            [
                mass
                for line in under(lines, basis)
                for mass in line.gases
                if (mass.gas, mass.gwp) == (gas, gwp)
            ]
            for basis in (LOCATION, MARKET)
        )
        found.append(
            GasOfLines(
                gas,
                gwp,
                mass=Amount(total(one.mass_kg for one in location), total(one.mass_kg for one in market)),
                amount=Amount(total(one.co2e_kg for one in location), total(one.co2e_kg for one in market)),
            )
        )
    return tuple(found)


def _screened(facts: ReportFacts) -> tuple[Screened, ...]:
    """All fifteen categories in order; one that nobody answered is one that the boundary leaves out."""
    calculated = scope3_by_category(facts.lines)
    answers = {answer.category: answer for answer in facts.closed.screening}
    return tuple(
        Screened(answers[category], calculated.get(category))
        for category in SCOPE3_CATEGORIES
        if category in answers
    )


def _outside(lines: Sequence[InventoryLine]) -> tuple[Outside, ...]:
    sums: dict[tuple[str, str, Decimal], list[tuple[Decimal, Decimal]]] = {}
    for line in lines:
        if line.scope == OUTSIDE:
            for mass in line.gases:
                held = sums.setdefault((line.category, mass.gas, mass.gwp), [])
                held.append((mass.mass_kg, mass.co2e_kg))
    return tuple(
        Outside(*key, total(mass for mass, _ in held), total(co2e for _, co2e in held))
        for key, held in sorted(sums.items())
    )


def _factors(lines: Sequence[InventoryLine]) -> tuple[UsedFactor, ...]:
    used: dict[tuple[str, int], tuple[FactorUse, list[str]]] = {}
    for line in lines:
        for use in line.factors:
            used.setdefault((use.factor, use.version), (use, []))[1].append(line.line)
    return tuple(UsedFactor(use, tuple(names)) for _, (use, names) in sorted(used.items()))


def _shares(lines: Sequence[InventoryLine], whole: Amount, scope3_kg: Decimal) -> Shares:
    electricity = [line for line in lines if (line.scope, line.category) == ("2", "electricity")]
    bought = _amount(electricity)
    return Shares(
        electricity=(
            fraction(bought.location_kg, whole.location_kg),
            fraction(bought.market_kg, whole.market_kg),
        ),
        scope3=(scope3_share(scope3_kg, whole.location_kg), scope3_share(scope3_kg, whole.market_kg)),
        scope3_target_due=(
            sbti_target_due(scope3_kg, whole.location_kg),
            sbti_target_due(scope3_kg, whole.market_kg),
        ),
        renewable_electricity=renewable_share(lines),
    )


def fraction(part: Decimal, whole: Decimal) -> Fraction:
    """A part of a whole, exactly; zero where there is no whole."""
    return Fraction(part) / Fraction(whole) if whole else Fraction(0)
