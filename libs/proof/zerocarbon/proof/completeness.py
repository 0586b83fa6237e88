"""Why an inventory cannot close yet: sources, intervals and categories that are still open (R7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.json_fields import JsonObject, exact, text, whole
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import canonical
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.quantify.inputs import InventoryInputs
from zerocarbon.proof.rollup import Span
from zerocarbon.proof.screening import ScreenedCategory, screening_gaps, significance_gaps

SIGNIFICANCE = "ISO 14064-1 5.2.3"
"""Indirect emissions are chosen by stated criteria of significance."""


@dataclass(frozen=True, slots=True)
class MeterCoverage:
    """Intervals of one meter: how many the period has, how many were read. Mirrors the contract."""

    meter: str
    source: str
    interval_seconds: int
    expected: int
    read: int

    def to_json(self) -> dict[str, Json]:
        """The published form."""
        return {
            "meter": self.meter,
            "source": self.source,
            "interval_seconds": self.interval_seconds,
            "expected": self.expected,
            "read": self.read,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> MeterCoverage:
        """Reads the published form."""
        return cls(
            meter=text(data, "meter"),
            source=text(data, "source"),
            interval_seconds=whole(data, "interval_seconds"),
            expected=whole(data, "expected"),
            read=whole(data, "read"),
        )


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A source left out, with reason, upper estimate and approver (R26). Mirrors the contract."""

    source: str
    reason: str
    estimate_kg: Decimal
    approver_id: str

    def to_json(self) -> dict[str, Json]:
        """The published form."""
        return {
            "source": self.source,
            "reason": self.reason,
            "estimate_kg": canonical(self.estimate_kg),
            "approver_id": self.approver_id,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Exclusion:
        """Reads the published form."""
        return cls(
            source=text(data, "source"),
            reason=text(data, "reason"),
            estimate_kg=exact(data, "estimate_kg"),
            approver_id=text(data, "approver_id"),
        )


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One reason why the inventory cannot close.

    Attributes:
        rule: the requirement or rule that asks.
        subject: the source, meter or category concerned.
        text: what is missing, for a person.
    """

    rule: str
    subject: str
    text: str

    def to_json(self) -> dict[str, Json]:
        """Plain JSON."""
        return {"rule": self.rule, "subject": self.subject, "text": self.text}


def open_questions(
    inputs: InventoryInputs,
    lines: Sequence[InventoryLine],
    screening: Sequence[ScreenedCategory],
    exclusions: Iterable[Exclusion] = (),
    coverage: Iterable[MeterCoverage] = (),
    *,
    straddling: Iterable[str] = (),
    negative_own_use: Iterable[Span] = (),
) -> tuple[OpenQuestion, ...]:
    """Every reason against closing, in a fixed order; an empty answer means that nothing is open.

    What the profile does not count is not asked for: neither data of such sources nor, without scope 3,
    screening. `not_counted` lists those sources.

    Args:
        straddling: sources with a record that lies only partly in the period (`rollup.in_period`).
        negative_own_use: intervals with more export than generation (`rollup.negative_own_use`).
    """
    method = profile(inputs.profile)
    excluded = {exclusion.source for exclusion in exclusions}
    uncounted = {source.code for source in inputs.sources if not method.counts(source.kind)}
    found = [
        *_sources(inputs, excluded, uncounted),
        *_electricity(inputs),
        *_meters(coverage, excluded | uncounted),
    ]
    found += [
        OpenQuestion("rules 13", source, "a record lies only partly in the period")
        for source in sorted(set(straddling))
    ]
    if method.counts("electricity-generation"):
        found += [
            OpenQuestion(
                "R105", inputs.factory.code, f"export exceeds generation from {low} to {high} (UTC seconds)"
            )
            for low, high in sorted(negative_own_use)
        ]
    if method.screens_scope3:
        found += [OpenQuestion("R16", "scope 3", gap) for gap in screening_gaps(screening, lines)]
    if method.significance:
        found += [OpenQuestion(SIGNIFICANCE, "scope 3", gap) for gap in significance_gaps(screening)]
    return tuple(found)


def _sources(inputs: InventoryInputs, excluded: set[str], uncounted: set[str]) -> Iterable[OpenQuestion]:
    for code in sorted(source.code for source in inputs.sources):
        if code in excluded and code in inputs.quantities:
            yield OpenQuestion("R26", code, "the source is excluded but has data")
        elif code not in excluded | uncounted and code not in inputs.quantities:
            yield OpenQuestion("R7", code, "the source has neither data nor an approved exclusion")
    for code in sorted(excluded - {source.code for source in inputs.sources}):
        yield OpenQuestion("R26", code, "an exclusion names no source of the factory")


def _electricity(inputs: InventoryInputs) -> Iterable[OpenQuestion]:
    bought = [source for source in inputs.sources if source.kind == "electricity-import"]
    if not any(inputs.quantities.get(source.code) for source in bought):
        yield OpenQuestion("R38", inputs.factory.code, "there are no data of purchased electricity")


def _meters(coverage: Iterable[MeterCoverage], excluded: set[str]) -> Iterable[OpenQuestion]:
    for meter in sorted(coverage, key=lambda item: item.meter):
        if meter.source not in excluded and meter.read != meter.expected:
            yield OpenQuestion(
                "R121", meter.meter, f"{meter.read} of {meter.expected} intervals of the period were read"
            )
