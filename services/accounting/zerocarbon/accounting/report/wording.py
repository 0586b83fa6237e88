"""The words of the report, all of which stand in `texts.toml`, and the contents that standards ask for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.common.documents.texts import Texts


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


say = Texts(_read("texts.toml"))
"""A text by its key."""


@dataclass(frozen=True, slots=True)
class Required:
    """Something that a standard wants in a report, and the sections in which it stands."""

    standard: str
    content: Bilingual
    sections: tuple[str, ...]


def required_contents() -> tuple[Required, ...]:
    """What GHG Protocol, ISO 14064-1 and the guide ask for, in their order."""
    return tuple(
        Required(row["standard"], Bilingual(row["zh"], row["en"]), tuple(row["sections"].split()))
        for row in csv.DictReader(_read("index.csv").splitlines(), strict=True)
    )
