"""From the view to the document: the head, what stands first, and the order of the sections."""

from __future__ import annotations

from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.common.documents.blocks import Block, Document, Fact, Paragraph, Tone, cell
from zerocarbon.common.documents.figures import day, span
from zerocarbon.declaration.documents.sections.evidence import evidence, factor_sources
from zerocarbon.declaration.documents.sections.instruments import certificates, credits_retired
from zerocarbon.declaration.documents.sections.inventory import inventory
from zerocarbon.declaration.documents.sections.management import management
from zerocarbon.declaration.documents.sections.neutrality import comparison, gates, neutrality
from zerocarbon.declaration.documents.sections.subject import boundary, subject
from zerocarbon.declaration.documents.sections.verification import verification
from zerocarbon.declaration.documents.sections.wording import BASES, CURE, REASON, STATUSES, scope_names
from zerocarbon.declaration.documents.view import StatementView, Status

_TONES: dict[Status, Tone] = {"issued": "good", "refused": "bad", "suspended": "notice", "lapsed": "quiet"}
_SECTIONS = (
    subject,
    boundary,
    inventory,
    certificates,
    credits_retired,
    neutrality,
    gates,
    verification,
    management,
    factor_sources,
    evidence,
)


def statement(view: StatementView) -> Document:
    """The whole statement, ready to draw."""
    basis = BASES[view.scope2_basis]
    scopes = scope_names(view.scopes)
    period = span(view.period_start, view.period_end)
    return Document(
        title=_title(view),
        subtitle=Bilingual(
            zh=f"{view.subject.factory.zh}，{period}，{scopes.zh}（{basis.zh}）",
            en=f"{view.subject.factory.en}, {period}, {scopes.en.lower()}, {basis.en}",
        ),
        organisation=view.subject.organisation,
        status=STATUSES[view.status],
        status_tone=_TONES[view.status],
        key_facts=_key_facts(view),
        lead=_lead(view),
        sections=tuple(section(view) for section in _SECTIONS),
        footer=(f"{view.number} / v{view.version}", view.standard),
        sample=Bilingual(zh="样本", en="SAMPLE") if view.sample or view.synthetic else None,
    )


def _title(view: StatementView) -> Bilingual:
    """A refusal is not called a statement; without scope 3 the title names its scopes (R40)."""
    if view.status == "refused":
        return Bilingual(zh="碳中和声明审查结果", en="Result of the examination for a statement")
    if "3" in view.scopes:
        return Bilingual(zh="碳中和声明", en="Statement of carbon neutrality")
    names = scope_names(view.scopes)
    return Bilingual(zh=f"{names.zh}排放中和声明", en=f"Statement of neutral emissions, {names.en.lower()}")


def _key_facts(view: StatementView) -> tuple[Fact, ...]:
    refused = view.status == "refused"
    return (
        Fact(Bilingual(zh="标准", en="Standard"), cell(view.standard)),
        Fact(Bilingual(zh="编号", en="Number"), cell(f"{view.number} / v{view.version}")),
        Fact(_EXAMINED_ON if refused else _DECLARED_ON, cell(day(view.declared_on))),
    )


def _lead(view: StatementView) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if view.synthetic:
        blocks.append(Paragraph(_SYNTHETIC, tone="notice"))
    if view.sample:
        blocks.append(Paragraph(_SAMPLE, tone="notice"))
    if view.status == "issued":
        blocks.append(Paragraph(view.claim))
    if view.status_reason is not None:
        blocks.append(Paragraph(_labelled(REASON, view.status_reason), tone=_TONES[view.status]))
    if view.status_cure is not None:
        blocks.append(Paragraph(_labelled(CURE, view.status_cure), tone="notice"))
    blocks += [Paragraph(notice, tone="notice") for notice in view.notices]
    blocks.append(comparison(view))
    return tuple(blocks)


def _labelled(label: Bilingual, text: Bilingual) -> Bilingual:
    return Bilingual(zh=f"{label.zh}：{text.zh}", en=f"{label.en}: {text.en}")


_DECLARED_ON = Bilingual(zh="声明日期", en="Declared on")
_EXAMINED_ON = Bilingual(zh="审查日期", en="Examined on")
_SYNTHETIC = Bilingual(
    zh="演示：虚构企业，合成数据。不构成任何声明。",
    en="Demonstration: fictional company, synthetic data. Nothing is claimed.",
)
_SAMPLE = Bilingual(
    zh="样本：本文件仅供演示，所述企业为虚构，不构成任何声明。",
    en="Sample: a demonstration about a fictional company. Nothing is claimed.",
)
