"""Method profiles: which standard an inventory follows, as data.

A profile fixes table set, gases, GWP edition, scope 2 strategy and the permitted consolidation approaches.
One set of facts may be quantified under several profiles; their results are never mixed (rules 4).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from zerocarbon.proof.datafile import text
from zerocarbon.proof.facts import SOURCE_KINDS, SourceKind
from zerocarbon.proof.gwp import GwpSet, GwpTable
from zerocarbon.proof.line import BASES, SCOPES, Basis, Scope
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.significance import CRITERIA, Criterion

Energy = Literal["two-methods", "net"]
ENERGIES: dict[str, Energy] = {"two-methods": "two-methods", "net": "net"}


class UnknownProfile(Refused):
    """No method profile of that name."""

    rule = "R9"


class WrongConsolidation(Refused):
    """The profile does not know, or does not permit, the consolidation approach."""

    rule = "R8"


@dataclass(frozen=True, slots=True)
class GuideSource:
    """An emission source of a national guide. The lines of a `subtracted` one lower the total (R29)."""

    code: str
    title_en: str
    title_zh: str
    kinds: frozenset[SourceKind]
    subtracted: bool


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Why a kind of source is not counted, and where it would stand under the GHG Protocol."""

    scope: Scope
    reason_en: str
    reason_zh: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A method profile.

    Attributes:
        standards: titles of the standards that it follows (R9, R36).
        consolidation: permitted approaches; one is chosen for the whole inventory (rules 1). Lines are those
            of the whole factory under each of them: a share scales a factory where factories are added up,
            after certificates acted on its megawatt-hours.
        fuel_publication: the only table set from which fuel parameters are taken.
        fuel_gases: the gases of combustion that it counts.
        scopes: what an inventory may cover; without scope 3 nothing is screened.
        energy: two methods of scope 2 side by side, or bought less sold at one factor.
        headline: the totals that stand for the inventory; others are shown in addition and apart.
        gwp_set: the edition that it forces; blank for the newest known at the close.
        gwp_note: what a line says about a forced edition.
        grid_rungs: the permitted rungs of a grid average; none named means all.
        significance: criteria by which indirect categories are judged; none where no judgement is asked for.
        guide_sources: emission sources of a national guide, in its order.
        uncounted: the kinds of source that it leaves out, and why.
    """

    code: str
    title_en: str
    title_zh: str
    standards: tuple[str, ...]
    consolidation: tuple[str, ...]
    fuel_publication: str
    fuel_gases: frozenset[str]
    scopes: tuple[Scope, ...]
    energy: Energy
    headline: tuple[Basis, ...]
    gwp_set: str
    gwp_note: str
    grid_rungs: tuple[str, ...]
    significance: tuple[Criterion, ...]
    guide_sources: tuple[GuideSource, ...]
    uncounted: Mapping[SourceKind, Uncounted]

    @property
    def instruments_act(self) -> bool:
        """Whether certificates and supply contracts lower a figure."""
        return self.energy == "two-methods"

    @property
    def screens_scope3(self) -> bool:
        """Whether the fifteen categories are answered."""
        return "3" in self.scopes

    def counts(self, kind: SourceKind) -> bool:
        """Whether sources of a kind are counted."""
        return kind not in self.uncounted

    def guide_source(self, kind: SourceKind) -> GuideSource | None:
        """The guide's emission source in which a kind stands; nothing where no guide is followed."""
        return next((source for source in self.guide_sources if kind in source.kinds), None)

    def edition(self, table: GwpTable, knowledge_date: date) -> GwpSet:
        """The one GWP edition of an inventory (R13).

        Raises:
            NoGwp: none was published by then.
        """
        if not self.gwp_set:
            return table.set_known_on(knowledge_date)
        return table.named_set(self.gwp_set, knowledge_date)

    def check_consolidation(self, approach: str) -> None:
        """Refuses an approach that the profile does not permit.

        Raises:
            WrongConsolidation: with the permitted ones.
        """
        if approach not in self.consolidation:
            raise WrongConsolidation(
                f"{self.code} consolidates by {' or '.join(self.consolidation)}, not {approach!r}"
            )


@lru_cache(maxsize=1)
def profiles() -> dict[str, Profile]:
    """All profiles by code."""
    return {code: _profile(code, entry) for code, entry in tomllib.loads(text("profiles.toml")).items()}


def profile(code: str) -> Profile:
    """A profile by its code.

    Raises:
        UnknownProfile: with the codes that exist.
    """
    found = profiles().get(code)
    if found is None:
        raise UnknownProfile(f"no method profile {code!r}; there is {', '.join(profiles())}")
    return found


def _profile(code: str, entry: Mapping[str, Any]) -> Profile:
    return Profile(
        code=code,
        title_en=entry["title_en"],
        title_zh=entry["title_zh"],
        standards=tuple(entry["standards"]),
        consolidation=tuple(entry["consolidation"]),
        fuel_publication=entry["fuel_publication"],
        fuel_gases=frozenset(entry["fuel_gases"]),
        scopes=tuple(SCOPES[scope] for scope in entry["scopes"]),
        energy=ENERGIES[entry["energy"]],
        headline=tuple(BASES[basis] for basis in entry["headline"]),
        gwp_set=entry.get("gwp_set", ""),
        gwp_note=entry.get("gwp_note", ""),
        grid_rungs=tuple(entry.get("grid_rungs", ())),
        significance=tuple(CRITERIA[name] for name in entry.get("significance", ())),
        guide_sources=tuple(
            GuideSource(
                code=name,
                title_en=source["title_en"],
                title_zh=source["title_zh"],
                kinds=frozenset(SOURCE_KINDS[kind] for kind in source["kinds"]),
                subtracted=source.get("subtracted", False),
            )
            for name, source in entry.get("guide_sources", {}).items()
        ),
        uncounted=MappingProxyType(
            {
                SOURCE_KINDS[kind]: Uncounted(SCOPES[group["scope"]], group["reason_en"], group["reason_zh"])
                for group in entry.get("not_counted", ())
                for kind in group["kinds"]
            }
        ),
    )
