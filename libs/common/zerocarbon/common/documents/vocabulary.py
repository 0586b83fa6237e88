"""What people call the codes that published events carry."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.texts import Texts
from zerocarbon.proof.datafile import rows

Group = Literal["scope", "basis", "consolidation"]


@lru_cache(maxsize=1)
def _vocabulary() -> Texts:
    return Texts(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def term(group: Group, code: str) -> Bilingual:
    """The name of a scope, a scope 2 method or a consolidation approach; the code itself if it is new."""
    return _vocabulary().named(group, code)


def category(scope: str, code: str) -> Bilingual:
    """The name of a category of an inventory line."""
    if scope != "3":
        return _vocabulary().named("category", code)
    for row in rows("scope3_categories.csv"):
        if row["category"] == code:
            return Bilingual(zh=f"类别{code} {row['name_zh']}", en=f"Category {code}, {row['name_en']}")
    return same(code)


def iso_category(code: str) -> Bilingual:
    """The name of a category or subcategory of ISO 14064-1:2018."""
    for row in rows("iso_categories.csv"):
        if row["code"] == code:
            return Bilingual(zh=row["name_zh"], en=row["name_en"])
    return same(code)
