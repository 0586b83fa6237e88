"""The register of requirements: `docs/requirements.csv`, R1 to R217 of the guide."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

REGISTER = Path("docs") / "requirements.csv"

CHAPTERS = {
    1: "Background",
    2: "Purpose and scope",
    3: "Accounting standards",
    4: "Principles",
    5: "Scope 1",
    6: "Energy and scope 2",
    7: "Scope 3",
    8: "Carbon management",
    9: "Declaration",
    10: "Terms",
    11: "References",
}
"""The guide's chapters, in our words."""

MODALITIES = ("shall", "should", "may", "fact")
SERVICES = ("ingest", "accounting", "certificates", "declaration", "reference", "records")
"""Who answers for a requirement; `reference` is dated data, `records` management records anywhere."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: `number` is `R1` to `R217`, `chapter` the guide's section, such as `5.3 T5`."""

    number: str
    chapter: str
    modality: str
    service: str
    title: str

    @property
    def main_chapter(self) -> int:
        """The chapter that the section is in."""
        return int(self.chapter.split()[0].split(".")[0])


def read_register(path: Path) -> list[Requirement]:
    """All requirements in the order of their numbers.

    Raises:
        OSError: there is no register at `path`.
        ValueError: a row does not fit; the message names it.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        found = [Requirement(**row) for row in csv.DictReader(lines, strict=True)]
    for position, requirement in enumerate(found, start=1):
        if requirement.number != f"R{position}":
            raise ValueError(f"row {position} has number {requirement.number}")
        if requirement.modality not in MODALITIES or requirement.service not in SERVICES:
            raise ValueError(f"{requirement.number} has an unknown modality or service")
        if requirement.main_chapter not in CHAPTERS or not requirement.title:
            raise ValueError(f"{requirement.number} has an unknown chapter or no title")
    return found
