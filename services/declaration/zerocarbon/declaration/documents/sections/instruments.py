"""What was retired: certificates for scope 2, credits for the neutrality test, never one for the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Paragraph,
    Row,
    Section,
    Table,
    cell,
)
from zerocarbon.common.documents.figures import day, grouped
from zerocarbon.declaration.documents.sections.wording import (
    KINDS,
    NONE,
    REGISTRY_REFERENCE,
    RETIRED_ON,
    SCHEME,
    SERIALS,
    TONNES,
    VINTAGE,
)
from zerocarbon.declaration.documents.view import Certificate, Credit, StatementView
from zerocarbon.proof.numbers import total


def certificates(view: StatementView) -> Section:
    """Certificates act on market-based scope 2 only (R189)."""
    intro = Bilingual(
        zh="能源属性证书仅用于基于市场的范围二核算，须在清单关账前注销，不计入中和检验。",
        en=(
            "Energy certificates act on market-based scope 2 only. They retire before the inventory closes "
            "and take no part in the neutrality test."
        ),
    )
    blocks: tuple[Block, ...] = (Paragraph(NONE),)
    if view.certificates:
        amount = grouped(total(one.mwh for one in view.certificates))
        sum_row = Row((Cell(_SUM), *[cell("")] * 3, cell(amount), cell("")), total=True)
        rows = (*(_certificate(one) for one in view.certificates), sum_row)
        blocks = (
            Paragraph(intro, tone="quiet"),
            Table(_columns("MWh", _PLANT), rows),
            *_legend(view.certificates),
        )
    return Section(Bilingual(zh="用于范围二的能源属性证书", en="Certificates retired for scope 2"), blocks)


def credits_retired(view: StatementView) -> Section:
    """Credits act in the neutrality test only, in whole tonnes (R208)."""
    intro = Bilingual(
        zh="碳信用仅用于中和检验，须在核查意见签署后注销；每单位为一吨，不得再作他用。",
        en=(
            "Credits act in the neutrality test only. They retire after the verification, count in whole "
            "tonnes, and serve no other purpose."
        ),
    )
    blocks: tuple[Block, ...] = (Paragraph(NONE),)
    if view.credits_retired:
        amount = grouped(view.credits_tonnes)
        sum_row = Row((Cell(_SUM), *[cell("")] * 3, cell(amount), cell("")), total=True)
        rows = (*(_credit(one) for one in view.credits_retired), sum_row)
        blocks = (
            Paragraph(intro, tone="quiet"),
            Table(_columns(TONNES, _PROJECT), rows),
            *_legend(view.credits_retired),
        )
    return Section(Bilingual(zh="用于抵消的碳信用", en="Credits retired"), blocks)


_SUM = Bilingual(zh="合计", en="Total")
_PLANT = Bilingual(zh="电站", en="Plant")
_PROJECT = Bilingual(zh="项目", en="Project")


def _legend(units: Sequence[Certificate | Credit]) -> Iterator[Facts]:
    """What the codes of schemes and registries stand for, once each."""
    named = {one.scheme: one.meaning for one in units if one.meaning is not None}
    if named:
        yield Facts(tuple(Fact(same(scheme), Cell(meaning)) for scheme, meaning in sorted(named.items())))


def _columns(unit: str, origin: Bilingual) -> tuple[Column, ...]:
    return (
        Column(Bilingual(zh=f"{SCHEME.zh} / 登记机构", en=f"{SCHEME.en}, registry"), weight=5),
        Column(origin, weight=6),
        Column(SERIALS, weight=8),
        Column(VINTAGE, weight=4),
        Column(same(unit), figure=True, weight=3),
        Column(
            Bilingual(zh=f"{RETIRED_ON.zh} / 凭证号", en=f"{RETIRED_ON.en}, {REGISTRY_REFERENCE.en.lower()}"),
            weight=6,
        ),
    )


def _row(one: Certificate | Credit, origin: Bilingual, amount: str) -> Row:
    return Row(
        (
            Cell(Bilingual(zh=one.scheme, en=one.registry)),
            Cell(origin),
            Cell(same(one.serials), mono=True),
            Cell(Bilingual(zh=f"{day(one.vintage_start)} –", en=day(one.vintage_end))),
            cell(amount),
            Cell(Bilingual(zh=day(one.retired_on), en=one.registry_reference)),
        )
    )


def _certificate(one: Certificate) -> Row:
    return _row(one, one.plant, grouped(one.mwh))


def _credit(one: Credit) -> Row:
    kind = KINDS[one.kind] if one.kind else None
    origin = (
        Bilingual(zh=f"{one.project.zh}（{kind.zh}）", en=f"{one.project.en} ({kind.en.lower()})")
        if kind
        else one.project
    )
    return _row(one, origin, grouped(one.tonnes))
