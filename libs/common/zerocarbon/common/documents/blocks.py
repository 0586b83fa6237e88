"""What a document is made of. HTML and PDF draw the same blocks, so that they cannot say different things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zerocarbon.common.documents.bilingual import Bilingual, Language, same

Tone = Literal["plain", "quiet", "notice", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value. `exact` is what a rounded figure stands for; `mono` is for digests and serial numbers."""

    text: Bilingual
    mono: bool = False
    exact: str = ""
    tone: Tone = "plain"


def cell(text: str, *, exact: str = "") -> Cell:
    """A value that needs no translation."""
    return Cell(same(text), exact=exact)


def code(text: str) -> Cell:
    """A digest, serial number or command."""
    return Cell(same(text), mono=True)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Bilingual
    tone: Tone = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value."""

    label: Bilingual
    value: Cell


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, one below the other."""

    rows: tuple[Fact, ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; figures stand to the right. `weight` is its share of the width."""

    label: Bilingual
    figure: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a total stands out."""

    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row, which repeats when the table runs over a page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: Bilingual | None = None
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar in percent of the longest bar, as text with one decimal; `series` picks its colour."""

    series: Literal["1", "2", "3"]
    percent: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled bar of segments."""

    label: Bilingual
    figure: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on one scale, with the names of the series."""

    bars: tuple[Bar, ...]
    legend: dict[str, Bilingual]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The neutrality test: two figures, the sign between them, and what follows."""

    left: Fact
    sign: str
    right: Fact
    verdict: Bilingual
    tone: Tone
    kind: Literal["comparison"] = "comparison"


@dataclass(frozen=True, slots=True)
class Check:
    """One gate and its result."""

    passed: bool
    result: Bilingual
    title: Bilingual
    clause: str
    found: Bilingual
    cure: Bilingual | None


@dataclass(frozen=True, slots=True)
class Checks:
    """Gates, one below the other."""

    checks: tuple[Check, ...]
    cure_label: Bilingual
    kind: Literal["checks"] = "checks"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as SVG, and what it shows in words for those who do not see it.

    The SVG is of the program's own making: it is drawn as it is, and carries no text of a user.
    """

    svg: str
    alternative: Bilingual
    caption: Bilingual
    kind: Literal["picture"] = "picture"


Block = Paragraph | Facts | Table | Bars | Comparison | Checks | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the document."""

    heading: Bilingual
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: the head of its first page, then sections.

    `contents` is the heading of a list of the sections, for documents that are long enough to need one.
    `language` names what the texts are in; `in_language` makes them so.
    """

    title: Bilingual
    subtitle: Bilingual
    organisation: Bilingual
    status: Bilingual
    status_tone: Tone
    key_facts: tuple[Fact, ...]
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, str]
    sample: Bilingual | None = None
    language: Language = "both"
    contents: Bilingual | None = None

    def has_pictures(self) -> bool:
        """Whether a chart is in it."""
        blocks = (*self.lead, *(block for section in self.sections for block in section.blocks))
        return any(isinstance(block, Picture) for block in blocks)
