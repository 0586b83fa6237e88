"""Why a statement cannot be made, and what would cure it: the reason first, both in both languages."""

from __future__ import annotations

from zerocarbon.declaration.documents import Bilingual, same
from zerocarbon.declaration.domain.statement import Judgement
from zerocarbon.declaration.service import labels
from zerocarbon.declaration.service.findings import Names, finding
from zerocarbon.proof.gates.prospect import Prospect
from zerocarbon.proof.gates.timetable import span


def reason(judgement: Judgement, names: Names) -> Bilingual:
    """Every gate that does not hold, by its title, with what was found."""
    told = [
        (labels.label(labels.GATES, gate.gate), finding(gate.found, names))
        for gate in judgement.gates()
        if not gate.passed
    ]
    return Bilingual(
        zh="；".join(f"“{title.zh}”未满足（{found.zh}）" for title, found in told),
        en="; ".join(f"{title.en} does not hold ({found.en})" for title, found in told),
    )


def cure(judgement: Judgement, names: Names) -> Bilingual:
    """What would make the claim pass, or that nothing does and which period could be declared instead."""
    ahead = judgement.prospect
    if ahead.incurable:
        return _instead(ahead)
    cures = [finding(text, names) for text in ahead.cures]
    return Bilingual(zh="；".join(one.zh for one in cures), en="; ".join(one.en for one in cures))


def _instead(ahead: Prospect) -> Bilingual:
    titles = [labels.label(labels.GATES, gate.gate) for gate in ahead.incurable]
    zh = f"本期的{'、'.join(f'“{one.zh}”' for one in titles)}已无法补救"
    en = f"nothing cures {', '.join(one.en for one in titles)} for this period"
    if ahead.instead is None:
        return Bilingual(zh=f"{zh}。", en=f"{en}.")
    period = same(span(ahead.instead))
    return Bilingual(
        zh=f"{zh}；可自 {ahead.from_day} 起改为声明 {period.zh.replace(' to ', ' 至 ')}。",
        en=f"{en}; declare {period.en} instead, from {ahead.from_day} on.",
    )
