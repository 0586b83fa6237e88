"""Method profiles: which standard an inventory follows, as data.

A profile fixes the table set of fuels and the permitted consolidation approaches. One set of facts may be
quantified under several profiles; their results are never mixed (rules 4).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from zerocarbon.proof.datafile import text
from zerocarbon.proof.refusal import Refused


class UnknownProfile(Refused):
    """No method profile of that name."""

    rule = "R9"


class WrongConsolidation(Refused):
    """The profile does not know, or does not permit, the consolidation approach."""

    rule = "R8"


@dataclass(frozen=True, slots=True)
class Profile:
    """A method profile.

    Attributes:
        standards: titles of the standards that it follows (R9, R36).
        consolidation: permitted approaches; one is chosen for the whole inventory (rules 1). Lines are those
            of the whole factory under each of them: a share scales a factory where factories are added up,
            after certificates acted on its megawatt-hours.
        fuel_publication: the only table set from which fuel parameters are taken.
    """

    code: str
    title_en: str
    title_zh: str
    standards: tuple[str, ...]
    consolidation: tuple[str, ...]
    fuel_publication: str

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
    return {
        code: Profile(
            code=code,
            title_en=entry["title_en"],
            title_zh=entry["title_zh"],
            standards=tuple(entry["standards"]),
            consolidation=tuple(entry["consolidation"]),
            fuel_publication=entry["fuel_publication"],
        )
        for code, entry in tomllib.loads(text("profiles.toml")).items()
    }


def profile(code: str) -> Profile:
    """A profile by its code.

    Raises:
        UnknownProfile: with the codes that exist.
    """
    found = profiles().get(code)
    if found is None:
        raise UnknownProfile(f"no method profile {code!r}; there is {', '.join(profiles())}")
    return found
