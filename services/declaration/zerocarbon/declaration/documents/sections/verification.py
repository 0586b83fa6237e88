"""The independent opinion (R194)."""

from __future__ import annotations

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import Cell, Fact, Facts, Paragraph, Section, cell, code
from zerocarbon.common.documents.figures import day, exact_kilograms, percent, tonnes
from zerocarbon.declaration.documents.sections.wording import LEVELS, OPINIONS, TONNES
from zerocarbon.declaration.documents.view import StatementView

_HEADING = Bilingual(zh="独立核查", en="Independent verification")


def verification(view: StatementView) -> Section:
    """Who verified, how, with what opinion, and on which exact inventory."""
    found = view.verification
    if found is None:
        missing = Bilingual(zh="没有针对本清单的核查意见。", en="There is no opinion on this inventory.")
        return Section(_HEADING, (Paragraph(missing, tone="bad"),))
    opinion = OPINIONS[found.opinion]
    valid = Bilingual(
        zh=f"{found.accreditation}，有效期至 {day(found.accreditation_valid_to)}",
        en=f"valid to {day(found.accreditation_valid_to)}",
    )
    misstatement = f"{tonnes(found.misstatement_kg)} {TONNES}"
    rows = [
        Fact(Bilingual(zh="核查机构", en="Verification body"), Cell(found.body)),
        Fact(Bilingual(zh="认可资质", en="Accreditation"), Cell(valid)),
        Fact(Bilingual(zh="核查准则", en="Criteria"), Cell(same(found.criteria))),
        Fact(Bilingual(zh="保证等级", en="Level of assurance"), Cell(LEVELS[found.level])),
        Fact(Bilingual(zh="实质性阈值", en="Materiality"), cell(percent(found.materiality_percent))),
        Fact(
            Bilingual(zh="未更正错报", en="Uncorrected misstatement"),
            cell(misstatement, exact=f"{exact_kilograms(found.misstatement_kg)} kg"),
        ),
        Fact(
            Bilingual(zh="核查意见", en="Opinion"),
            Cell(opinion, tone="good" if found.opinion == "unmodified" else "bad"),
        ),
        Fact(Bilingual(zh="签署日期", en="Signed on"), cell(day(found.signed_on))),
        Fact(
            Bilingual(zh="所核查清单的哈希值", en="Hash of the verified inventory"),
            code(f"sha256:{found.inventory_sha256}"),
        ),
    ]
    return Section(_HEADING, (Facts(tuple(rows)),))
