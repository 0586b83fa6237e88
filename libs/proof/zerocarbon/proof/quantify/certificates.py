"""Retired certificates act on scope 2 megawatt-hours of their factory, period and market, on nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from zerocarbon.proof.facts import Factory, Retirement
from zerocarbon.proof.line import FactorUse
from zerocarbon.proof.period import Period
from zerocarbon.proof.refusal import Refused

ZERO = Decimal(0)


class ExcessCertificates(Refused):
    """More certificates than megawatt-hours that they could cover: refused, never capped (DC19, R128)."""

    rule = "DC19"


class WrongVintage(Refused):
    """The generation lies outside the period (DC14)."""

    rule = "DC14"


class WrongMarket(Refused):
    """The certificate comes from another market than the consumption (DC15)."""

    rule = "DC15"


class NotMegawattHours(Refused):
    """A credit counts tonnes and never acts on scope 2 (DC12)."""

    rule = "DC12"


class RetiredTwice(Refused):
    """A serial number stands in two retirements (DC09)."""

    rule = "DC09"


class RetiredAfterClose(Refused):
    """Certificates retire before the inventory closes."""

    rule = "rules 2.2"


@dataclass(frozen=True, slots=True)
class CertificateGroup:
    """The certificates of one scheme and project.

    Attributes:
        name: `<scheme>/<project>`.
        retirements: sorted by registry and serial number.
    """

    name: str
    retirements: tuple[Retirement, ...]

    @property
    def megawatt_hours(self) -> int:
        """How much consumption the group covers."""
        return sum(retirement.units for retirement in self.retirements)

    def use(self) -> FactorUse:
        """The certificates as the factor of a line: the direct factor of the energy, which is zero."""
        first = self.retirements[0]
        references = sorted({retirement.registry_reference for retirement in self.retirements})
        return FactorUse(
            factor=f"certificate/{self.name}",
            version=1,
            value=ZERO,
            unit="kgCO2/MWh",
            gas="CO2",
            year=first.vintage_start.year,
            region=first.country,
            rung="certificate",
            published=max(retirement.retired_on for retirement in self.retirements),
            source=f"{first.registry}: {first.project}, {first.technology}",
            clause=references[0] if len(references) == 1 else f"{len(references)} retirements, in the notes",
            confidence="verified",
        )

    def notes(self) -> tuple[str, ...]:
        """One line for each retirement: what was retired, when, and where it is found."""
        return tuple(
            f"{item.scheme} {item.serial} [{item.low}, {item.high}) retired {item.retired_on}, "
            f"{item.registry} {item.registry_reference}"
            for item in self.retirements
        )


def certificate_groups(
    retirements: Iterable[Retirement], factory: Factory, period: Period, knowledge_date: date
) -> tuple[CertificateGroup, ...]:
    """Checks every retirement and groups them by scheme and project, sorted.

    Raises:
        NotMegawattHours, WrongVintage, WrongMarket, RetiredAfterClose, RetiredTwice: a claim would be false.
    """
    ordered = sorted(retirements, key=lambda item: (item.scheme, item.registry, item.serial, item.low))
    for retirement in ordered:
        _check(retirement, factory, period, knowledge_date)
    _check_overlap(ordered)
    names = sorted({_name(retirement) for retirement in ordered})
    return tuple(
        CertificateGroup(name, tuple(item for item in ordered if _name(item) == name)) for name in names
    )


def _name(retirement: Retirement) -> str:
    return f"{retirement.scheme}/{retirement.project}"


def _check(item: Retirement, factory: Factory, period: Period, knowledge_date: date) -> None:
    named = f"{item.scheme} {item.serial} [{item.low}, {item.high})"
    if item.unit != "MWh":
        raise NotMegawattHours(f"{named} counts {item.unit}")
    if not period.covers(item.vintage_start, item.vintage_end):
        raise WrongVintage(
            f"{named} was generated {item.vintage_start} to {item.vintage_end}, "
            f"outside {period.start} to {period.end}"
        )
    if item.country != factory.country:
        raise WrongMarket(f"{named} is of {item.country}, the factory consumes in {factory.country}")
    if item.retired_on > knowledge_date:
        raise RetiredAfterClose(f"{named} was retired on {item.retired_on}, after {knowledge_date}")


def _check_overlap(ordered: Sequence[Retirement]) -> None:
    for before, after in pairwise(ordered):
        same = (before.scheme, before.registry, before.serial) == (after.scheme, after.registry, after.serial)
        if same and after.low < before.high:
            raise RetiredTwice(f"{after.scheme} {after.serial} {after.low} stands in two retirements")
