"""The inventory: scopes under both scope 2 methods, categories, gases, and the exact figures."""

from __future__ import annotations

from decimal import Decimal

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import (
    Bar,
    Bars,
    Block,
    Cell,
    Column,
    Paragraph,
    Row,
    Section,
    Segment,
    Table,
    cell,
)
from zerocarbon.common.documents.figures import day, exact_kilograms, share, tonnes
from zerocarbon.declaration.documents.sections.wording import BASES, SCOPES, TONNES
from zerocarbon.declaration.documents.view import Basis, Inventory, StatementView

_LOCATION = Bilingual(zh=f"基于位置 {TONNES}", en="Location-based")
_MARKET = Bilingual(zh=f"基于市场 {TONNES}", en="Market-based")
_BASES: tuple[Basis, Basis] = ("location", "market")


def inventory(view: StatementView) -> Section:
    """Every table of the inventory that the statement shows."""
    found = view.inventory
    intro = Bilingual(
        zh=f"清单第{found.version}版，采用截至{day(found.knowledge_date)}已知的事实与因子。单位为吨二氧化碳当量，逐项舍入至千克；合计为未舍入数之和。",
        en=(
            f"Inventory version {found.version}, on facts and factors known on {day(found.knowledge_date)}. "
            f"Tonnes of CO2e, each figure rounded to the kilogram; totals are sums of the unrounded figures."
        ),
    )
    blocks: list[Block] = [Paragraph(intro, tone="quiet"), _bars(view), _scopes(view)]
    if found.categories:
        blocks.append(_categories(found))
    if found.gases:
        blocks.append(_gases(found))
    return Section(Bilingual(zh="温室气体清单", en="Inventory"), tuple(blocks))


def exact_figures(view: StatementView) -> Table:
    """The figures of the inventory with every digit, in kilograms."""
    found = view.inventory
    rows = [
        (SCOPES["1"], found.scope1_kg),
        (Bilingual(zh="范围二，基于位置", en="Scope 2, location-based"), found.scope2_location_kg),
        (Bilingual(zh="范围二，基于市场", en="Scope 2, market-based"), found.scope2_market_kg),
        (SCOPES["3"], found.scope3_kg),
        (SCOPES["outside"], found.outside_kg),
        (Bilingual(zh="声明的排放量 E", en="Emissions of the claim, E"), view.emissions_kg),
    ]
    return Table(
        columns=(
            Column(Bilingual(zh="项目", en="Item"), weight=2),
            Column(Bilingual(zh="千克二氧化碳当量", en="kg CO2e"), figure=True, weight=3),
        ),
        rows=tuple(
            Row((Cell(label), Cell(same(exact_kilograms(value)), mono=True))) for label, value in rows
        ),
        caption=Bilingual(zh="未舍入的数值", en="Unrounded figures"),
    )


def _amount(kilograms: Decimal) -> Cell:
    return cell(tonnes(kilograms), exact=f"{exact_kilograms(kilograms)} kg")


def _mass(kilograms: Decimal | None) -> Cell:
    if kilograms is None:
        return cell("–")
    # Three decimals, by the rule of tonnes: the exact mass stays in the hint and in the bundle.
    return cell(tonnes(kilograms * 1000), exact=f"{exact_kilograms(kilograms)} kg")


def _bars(view: StatementView) -> Bars:
    found = view.inventory
    longest = max(found.total_kg(view.scopes, basis) for basis in _BASES)
    bars = tuple(
        Bar(
            label=BASES[basis],
            figure=f"{tonnes(found.total_kg(view.scopes, basis))} {TONNES}",
            segments=tuple(
                Segment(scope, str(share(found.scope_kg(scope, basis), longest))) for scope in view.scopes
            ),
        )
        for basis in _BASES
    )
    return Bars(bars, {scope: SCOPES[scope] for scope in view.scopes})


def _scopes(view: StatementView) -> Table:
    found = view.inventory
    rows = [
        Row((Cell(SCOPES[scope]), *(_amount(found.scope_kg(scope, basis)) for basis in _BASES)))
        for scope in view.scopes
    ]
    total = Bilingual(zh="合计", en="Total")
    rows.append(
        Row((Cell(total), *(_amount(found.total_kg(view.scopes, basis)) for basis in _BASES)), total=True)
    )
    rows.append(Row((Cell(SCOPES["outside"], tone="quiet"), *[_amount(found.outside_kg)] * 2)))
    return Table(
        columns=(
            Column(Bilingual(zh="范围", en="Scope"), weight=2),
            Column(_LOCATION, figure=True),
            Column(_MARKET, figure=True),
        ),
        rows=tuple(rows),
        caption=Bilingual(zh="按范围", en="By scope"),
    )


def _categories(found: Inventory) -> Table:
    return Table(
        columns=(
            Column(Bilingual(zh="范围", en="Scope"), weight=2),
            Column(Bilingual(zh="类别", en="Category"), weight=5),
            Column(_LOCATION, figure=True, weight=3),
            Column(_MARKET, figure=True, weight=3),
        ),
        rows=tuple(
            Row((Cell(SCOPES[one.scope]), Cell(one.label), _amount(one.location_kg), _amount(one.market_kg)))
            for one in found.categories
        ),
        caption=Bilingual(zh="按类别", en="By category"),
    )


def _gases(found: Inventory) -> Table:
    return Table(
        columns=(
            Column(Bilingual(zh="气体", en="Gas"), weight=2),
            Column(Bilingual(zh="质量 kg", en="Mass"), figure=True),
            Column(Bilingual(zh=f"排放量 {TONNES}", en="Emissions"), figure=True),
        ),
        rows=tuple(
            Row(
                (
                    cell(one.gas),
                    _mass(one.mass_kg),
                    _amount(one.co2e_kg),
                )
            )
            for one in found.gases
        ),
        caption=Bilingual(
            zh="按气体（声明所用范围二口径）", en="By gas, under the scope 2 basis of the claim"
        ),
    )
