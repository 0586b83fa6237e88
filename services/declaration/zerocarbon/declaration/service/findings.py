"""What gates find and what would cure it, in Chinese beside the published English.

Gates are published in English. A sentence that the table does not know is printed as it was published; codes
of sources and measures get their names either way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from zerocarbon.declaration.documents import Bilingual, same
from zerocarbon.declaration.service.finding_texts import BASES, BOUNDARIES, SENTENCES

Names = Mapping[str, Bilingual]
_FIELD = re.compile(r"\\\{(\w+)\\\}")
_DAY = r"\d{4}-\d\d-\d\d"
_FIGURE = r"[\d,.]+"
_SHARE = rf"{_FIGURE} %"
_KINDS = {
    **dict.fromkeys(("day", "start", "end", "first"), _DAY),
    **dict.fromkeys(("amount", "exact", "needed", "otherwise", "credits", "low", "high"), _FIGURE),
    **dict.fromkeys(("basis", "other"), "location|market"),
    "share": _SHARE,
}
"""What a field of a template can be; any text within one fault where nothing is said."""

_CODED = re.compile(r"\b(?P<kind>source|measure) (?P<code>[a-z0-9][a-z0-9._-]*)")
_BETWEEN = "; "


def finding(text: str, names: Names) -> Bilingual:
    """A finding or a cure in both languages.

    Args:
        text: as the gate published it; several faults stand side by side with `; ` between.
        names: of sources and measures, by code.
    """
    whole = _sentence(text, names)
    if whole is not None:
        return whole
    parts = [_sentence(part, names) for part in text.split(_BETWEEN)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return same(_CODED.sub(lambda found: _english(found, names), text))
    return Bilingual(zh="；".join(part.zh for part in known), en=_BETWEEN.join(part.en for part in known))


def _english(found: re.Match[str], names: Names) -> str:
    named = names.get(found["code"])
    return found[0] if named is None else f"{found['kind']} {named.en} ({found['code']})"


def _sentence(text: str, names: Names) -> Bilingual | None:
    for pattern, english, chinese in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            values = {field: _value(field, value, names) for field, value in found.groupdict().items()}
            return Bilingual(
                zh=chinese.format_map({field: value.zh for field, value in values.items()}),
                en=english.format_map({field: value.en for field, value in values.items()}),
            )
    return None


def _value(field: str, value: str, names: Names) -> Bilingual:
    if field in ("source", "measure") and value in names:
        named = names[value]
        return Bilingual(zh=f"{named.zh}（{value}）", en=f"{named.en} ({value})")
    if field in ("basis", "other"):
        return Bilingual(zh=BASES.get(value, value), en=value)
    return BOUNDARIES.get(value, same(value)) if field == "boundary" else same(value)


def _field(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>{_KINDS.get(found[1], '[^;]+?')})"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple(
        (re.compile(_FIELD.sub(_field, re.escape(english))), english, chinese)
        for english, chinese in SENTENCES
    )
