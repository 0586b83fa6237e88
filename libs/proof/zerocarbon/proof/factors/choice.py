"""Which factor the server chooses.

Rungs: an organisation's own (supplier or measured), province, regional grid, nation, default, proxy. On a
rung, the newest year that is not after the period, among what was published by the knowledge date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.factors.purposes import ORGANISATION_RUNGS
from zerocarbon.proof.factors.regions import ladder
from zerocarbon.proof.facts import Factory
from zerocarbon.proof.line import FactorUse
from zerocarbon.proof.period import Period
from zerocarbon.proof.refusal import Refused

ANY = "any"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a factor is asked for.

    `publication` limits the library to one table set, so that sets are never mixed (rules 4).
    """

    purpose: str
    substance: str
    factory: Factory
    period: Period
    knowledge_date: date
    publication: str | None = None

    def __str__(self) -> str:
        place = f"{self.factory.grid_region}, {self.factory.country}"
        within = f" in {self.publication}" if self.publication else ""
        return (
            f"{self.purpose} of {self.substance} at {place}{within} for {self.period.start} to "
            f"{self.period.end}, as known on {self.knowledge_date}"
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A factor and the rung on which it was found."""

    factor: Factor
    rung: str

    def use(self) -> FactorUse:
        """The form in which a line shows it."""
        return self.factor.use()


class NoFactor(Refused):
    """No factor that a claim may use. Says what was asked and, if so, that an unconfirmed one exists.

    Attributes:
        asked: the question.
        unconfirmed: ids of factors that would have answered but are marked `memory`.
    """

    rule = "rules 2.3"

    def __init__(self, asked: Asked, unconfirmed: Sequence[str]) -> None:
        known = (
            f"; {', '.join(unconfirmed)} would fit but is not confirmed and never enters a claimed number"
            if unconfirmed
            else ""
        )
        super().__init__(f"no factor for {asked}{known}")
        self.asked = asked
        self.unconfirmed = tuple(unconfirmed)


class AmbiguousFactor(Refused):
    """Two own factors answer the same question and neither replaces the other."""

    rule = "rules 13"


def choose(asked: Asked, library: Library, organisation_factors: Iterable[Factor] = ()) -> Chosen:
    """The factor for a question. Deterministic: the order of what is offered does not matter.

    Raises:
        NoFactor: nothing that a claim may use.
        AmbiguousFactor: two own factors under different names fit equally.
    """
    own = [factor for factor in _fitting(asked, organisation_factors) if factor.valid_for(asked.period)]
    if asked.purpose in ORGANISATION_RUNGS and own:
        return _newest_own(asked, own)
    offered = [
        factor
        for factor in _fitting(asked, library.by_purpose.get(asked.purpose, ()))
        if asked.publication is None or factor.publication == asked.publication
    ]
    unconfirmed: list[str] = []
    for rung, regions in _rungs(asked.factory):
        for region in regions:
            found = [factor for factor in offered if factor.rung == rung and region in (None, factor.region)]
            confirmed = [factor for factor in found if factor.confidence != "memory"]
            if confirmed:
                return Chosen(_nearest_year(confirmed, asked.period), rung)
            unconfirmed.extend(factor.id for factor in found)
    raise NoFactor(asked, sorted(unconfirmed))


def _fitting(asked: Asked, factors: Iterable[Factor]) -> list[Factor]:
    return [
        factor
        for factor in factors
        if factor.purpose == asked.purpose
        and factor.substance in (asked.substance, ANY)
        and factor.published <= asked.knowledge_date
    ]


def _rungs(factory: Factory) -> Iterable[tuple[str, tuple[str | None, ...]]]:
    yield from ladder(factory.grid_region, factory.country)
    yield "default", (factory.country, "global")
    # A proxy is made for another country; it is found only by its own name, so any place may use it.
    yield "proxy", (None,)


def _newest_own(asked: Asked, own: list[Factor]) -> Chosen:
    # A factor for the very substance comes before one for any substance.
    own = [factor for factor in own if factor.substance == asked.substance] or own
    newest = max(own, key=lambda factor: (factor.version, factor.published, factor.id))
    others = {factor.id for factor in own} - {newest.id}
    if others:
        raise AmbiguousFactor(f"{newest.id} and {', '.join(sorted(others))} all answer: {asked}")
    return Chosen(newest, newest.rung)


def _nearest_year(factors: list[Factor], period: Period) -> Factor:
    last_year = (period.end - timedelta(days=1)).year

    def rank(factor: Factor) -> tuple[int, int, date, int, str]:
        year = factor.year or 0
        # A year after the period is taken only where the rung has none before it, and then the earliest.
        later = year > last_year
        return (0 if later else 1, -year if later else year, factor.published, factor.version, factor.id)

    return max(factors, key=rank)
