"""What is asked of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zerocarbon.product.demo.company import COMPANY, FACTORIES, FactoryStory, Organisation


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked of the demo.

    Attributes:
        output: the folder of documents and raw files.
        meter_data: a real meter file that lends the first factory its grid series.
        meter_mapping: how to read that file; by default the form of `mappings/end-of-interval.json`.
        asked_on: the moment at which the statements are asked for, in UTC, instead of the story's own; no
            credits are retired then.
        company: who tells; two tellings on one stage need two.
        factories: the first is the one that is declared.
    """

    output: Path
    meter_data: Path | None = None
    meter_mapping: Path | None = None
    asked_on: datetime | None = None
    company: Organisation = COMPANY
    factories: tuple[FactoryStory, ...] = FACTORIES
