"""Measures and targets, planned and actual (R202)."""

from __future__ import annotations

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import Block, Cell, Column, Paragraph, Row, Section, Table, cell
from zerocarbon.common.documents.figures import day, exact_kilograms, percent, tonnes
from zerocarbon.declaration.documents.sections.wording import NONE, SCOPES, TONNES
from zerocarbon.declaration.documents.view import Measure, StatementView, Target

_SCOPE = Bilingual(zh="范围", en="Scope")
_OPEN = "–"


def management(view: StatementView) -> Section:
    """What was planned and what was reached."""
    blocks: list[Block] = []
    if view.measures:
        blocks.append(_measures(view.measures))
    if view.targets:
        blocks.append(_targets(view.targets))
    heading = Bilingual(zh="减排措施与目标", en="Reduction measures and targets")
    return Section(heading, tuple(blocks) or (Paragraph(NONE),))


def _measures(measures: tuple[Measure, ...]) -> Table:
    return Table(
        columns=(
            Column(Bilingual(zh="措施", en="Measure"), weight=6),
            Column(_SCOPE, weight=2),
            Column(Bilingual(zh=f"计划 {TONNES}/年", en="Planned per year"), figure=True, weight=3),
            Column(Bilingual(zh=f"实际 {TONNES}/年", en="Achieved per year"), figure=True, weight=3),
            Column(Bilingual(zh="完成日期", en="Done on"), weight=3),
        ),
        rows=tuple(
            Row(
                (
                    Cell(one.label),
                    Cell(SCOPES[one.scope]),
                    cell(tonnes(one.planned_kg), exact=f"{exact_kilograms(one.planned_kg)} kg"),
                    cell(_OPEN)
                    if one.achieved_kg is None
                    else cell(tonnes(one.achieved_kg), exact=f"{exact_kilograms(one.achieved_kg)} kg"),
                    cell(_OPEN if one.done_on is None else day(one.done_on)),
                )
            )
            for one in measures
        ),
        caption=Bilingual(zh="措施（同等产量下的年减排量）", en="Measures, savings a year at equal output"),
    )


def _targets(targets: tuple[Target, ...]) -> Table:
    return Table(
        columns=(
            Column(_SCOPE, weight=2),
            Column(Bilingual(zh="计划减排", en="Planned"), figure=True, weight=2),
            Column(Bilingual(zh="实际减排", en="Actual"), figure=True, weight=2),
            Column(Bilingual(zh="期限", en="By"), weight=2),
            Column(Bilingual(zh="不设目标的理由", en="Reason where there is no target"), weight=5),
        ),
        rows=tuple(
            Row(
                (
                    Cell(SCOPES[one.scope]),
                    cell(_OPEN if one.planned_percent is None else percent(one.planned_percent)),
                    cell(_OPEN if one.actual_percent is None else percent(one.actual_percent)),
                    cell(_OPEN if one.by is None else day(one.by)),
                    Cell(one.exclusion_reason or same(_OPEN)),
                )
            )
            for one in targets
        ),
        caption=Bilingual(zh="目标", en="Targets"),
    )
