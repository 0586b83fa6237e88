"""The neutrality test (R196) and the gates of the standard."""

from __future__ import annotations

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import (
    Block,
    Cell,
    Check,
    Checks,
    Comparison,
    Fact,
    Paragraph,
    Section,
)
from zerocarbon.common.documents.figures import grouped, tonnes
from zerocarbon.declaration.documents.sections.wording import CURE, REASON, TONNES
from zerocarbon.declaration.documents.view import Gate, StatementView


def comparison(view: StatementView) -> Comparison:
    """E against C, in whole tonnes."""
    covered = view.neutral
    surplus = view.credits_tonnes - view.emissions_tonnes
    verdict = (
        Bilingual(zh="检验通过", en="The test is passed")
        if covered
        else Bilingual(
            zh=f"检验未通过，尚缺 {grouped(-surplus)} 吨",
            en=f"The test is not passed, {grouped(-surplus)} t are missing",
        )
    )
    return Comparison(
        left=Fact(_EMISSIONS, Cell(same(f"{grouped(view.emissions_tonnes)} {TONNES}"))),
        sign="≤" if covered else ">",
        right=Fact(_CREDITS, Cell(same(f"{grouped(view.credits_tonnes)} {TONNES}"))),
        verdict=verdict,
        tone="good" if covered else "bad",
    )


_EMISSIONS = Bilingual(zh="排放量 E（向上取整）", en="Emissions E, rounded up")
_CREDITS = Bilingual(zh="已注销碳信用 C", en="Credits retired C")


def neutrality(view: StatementView) -> Section:
    """How E was rounded, and the result."""
    rounded = Bilingual(
        zh=(
            f"E 由核算结果 {tonnes(view.emissions_kg)} 吨"
            f"向上取整至 {grouped(view.emissions_tonnes)} 吨；C 按整吨计。"
        ),
        en=(
            f"E is the inventory's {tonnes(view.emissions_kg)} t, "
            f"rounded up to {grouped(view.emissions_tonnes)} t. C counts whole tonnes."
        ),
    )
    return Section(Bilingual(zh="中和检验", en="Neutrality test"), (comparison(view), Paragraph(rounded)))


def gates(view: StatementView) -> Section:
    """Every gate: whether it holds, what was found, what would cure it."""
    held = sum(gate.passed for gate in view.gates)
    intro = Bilingual(
        zh=f"{view.standard} 的 {len(view.gates)} 项条件中 {held} 项满足。",
        en=f"{held} of {len(view.gates)} gates of {view.standard} hold.",
    )
    blocks: list[Block] = [Paragraph(intro)]
    if any(gate.unconfirmed for gate in view.gates):
        blocks.append(Paragraph(_UNCONFIRMED, tone="quiet"))
    blocks.append(Checks(tuple(_check(gate) for gate in view.gates), CURE))
    return Section(Bilingual(zh="标准条件", en="Gates of the standard"), tuple(blocks))


_MARK = "†"
_UNCONFIRMED = Bilingual(
    zh=f"{_MARK} 该规则的出处未能以正式文本核实；它只能否决声明，不能准许声明。",
    en=(
        f"{_MARK} This rule's source could not be confirmed in print; it can only refuse a claim, not permit"
        " one."
    ),
)


def _check(gate: Gate) -> Check:
    result = Bilingual(zh="通过", en="passed") if gate.passed else Bilingual(zh="未通过", en="failed")
    clause = f"{gate.clause} {_MARK}".strip() if gate.unconfirmed else gate.clause
    found = gate.found
    if not gate.passed:
        found = Bilingual(zh=f"{REASON.zh}：{found.zh}", en=f"{REASON.en}: {found.en}")
    return Check(gate.passed, result, gate.gate, clause, found, gate.cure)
