"""Global warming potentials over 100 years: editions, gases, and agents that are mixed from them.

A blend's potential is always computed from its composition and the chosen edition (R60, R61, finding E1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from zerocarbon.proof.canonical import canonical_bytes, sha256_hex
from zerocarbon.proof.datafile import rows
from zerocarbon.proof.numbers import parse, product, total
from zerocarbon.proof.refusal import Refused

GROUPS = ("CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3")
"""The seven groups of an inventory (R10, R19)."""

HORIZON_YEARS = 100

Treatment = Literal["scopes", "montreal", "other"]
TREATMENTS: dict[str, Treatment] = {"scopes": "scopes", "montreal": "montreal", "other": "other"}
ONE = Decimal(1)


class WrongHorizon(Refused):
    """An inventory takes potentials over 100 years only."""

    rule = "R11"

    def __init__(self, years: int) -> None:
        super().__init__(f"a GWP over {years} years is no basis of an inventory: 100 years are")


class NoGwp(Refused):
    """The edition has no usable value for the gas."""

    rule = "R13"


class UnknownAgent(Refused):
    """Neither a gas nor a designation that the product knows."""

    rule = "R60"


@dataclass(frozen=True, slots=True)
class GwpSet:
    """An edition. A close may use it from `published` on."""

    code: str
    published: date
    source: str
    clause: str


@dataclass(frozen=True, slots=True)
class Gas:
    """A gas, or a variant of one (CH4 by origin, SF6 by list), and its potentials by edition.

    `treatment` says where it counts: in the scopes, apart as a Montreal gas, or apart as another gas.
    """

    code: str
    variant: str
    group: str
    treatment: Treatment
    formula: str
    name_zh: str
    confidence: str
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Agent:
    """A refrigerant designation: mass fractions of gases that sum to one."""

    code: str
    composition: tuple[tuple[str, Decimal], ...]
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class GwpTable:
    """Editions, gases and agents, found by code in any case, gases also by formula where it is unique."""

    sets: tuple[GwpSet, ...]
    gases: Mapping[tuple[str, str], Gas]
    agents: Mapping[str, Agent]
    names: Mapping[str, str]

    def set_known_on(self, knowledge_date: date) -> GwpSet:
        """The newest edition published on or before a date (rules 2.3).

        Raises:
            NoGwp: none was.
        """
        known = [edition for edition in self.sets if edition.published <= knowledge_date]
        if not known:
            raise NoGwp(f"no GWP edition was published by {knowledge_date}")
        return max(known, key=lambda edition: edition.published)

    def named_set(self, code: str, knowledge_date: date) -> GwpSet:
        """The edition that a method prescribes, however old it is.

        Raises:
            NoGwp: there is no such edition, or it was not published by then.
        """
        for edition in self.sets:
            if edition.code == code and edition.published <= knowledge_date:
                return edition
        raise NoGwp(f"GWP edition {code!r} was not published by {knowledge_date}")

    def gas(self, name: str, variant: str = "") -> Gas:
        """A gas by its code or formula.

        Raises:
            UnknownAgent: no such gas or variant.
        """
        code = self.names.get(name.lower())
        found = None if code is None else self.gases.get((code, variant))
        if found is None:
            raise UnknownAgent(f"{name!r}{f' ({variant})' if variant else ''} is no gas of the GWP table")
        return found

    def value(
        self, set_code: str, name: str, variant: str = "", horizon_years: int = HORIZON_YEARS
    ) -> Decimal:
        """Kilograms of CO2e per kilogram of a gas.

        Raises:
            WrongHorizon: another horizon than 100 years (R11).
            NoGwp: the edition has no value, or only one that could not be confirmed.
            UnknownAgent: no such gas or variant.
        """
        if horizon_years != HORIZON_YEARS:
            raise WrongHorizon(horizon_years)
        gas = self.gas(name, variant)
        found = gas.values.get(set_code)
        if found is None:
            raise NoGwp(f"{set_code} gives no GWP for {gas.code}")
        if gas.confidence == "memory":
            raise NoGwp(
                f"the value of {gas.code} ({gas.variant}) is not confirmed: refused for a claimed number"
            )
        return found

    def composition(self, name: str) -> tuple[tuple[Gas, Decimal], ...]:
        """The gases of an agent and their mass fractions; a pure gas is all of itself.

        Raises:
            UnknownAgent: no such agent or gas.
            NoGwp: the composition could not be confirmed.
        """
        agent = self.agents.get(name.lower())
        if agent is None:
            return ((self.gas(name), ONE),)
        if agent.confidence == "memory":
            raise NoGwp(f"the composition of {agent.code} is not confirmed: refused for a claimed number")
        return tuple((self.gas(gas), fraction) for gas, fraction in agent.composition)

    def blend(self, set_code: str, name: str) -> Decimal:
        """The potential of an agent, computed from its composition (R61)."""
        return total(
            product(fraction, self.value(set_code, gas.code)) for gas, fraction in self.composition(name)
        )

    def digest(self) -> str:
        """SHA-256 over all values and compositions."""
        return sha256_hex(
            canonical_bytes(
                {
                    "sets": [[edition.code, edition.published.isoformat()] for edition in self.sets],
                    "gases": [
                        [*key, gas.treatment, gas.confidence, dict(gas.values)]
                        for key, gas in sorted(self.gases.items())
                    ],
                    "agents": [
                        [agent.code, agent.confidence, [list(part) for part in agent.composition]]
                        for _, agent in sorted(self.agents.items())
                    ],
                }
            )
        )


@lru_cache(maxsize=1)
def gwp_table() -> GwpTable:
    """The table that comes with the product, read once.

    Raises:
        ValueError: a composition does not sum to one, or CO2 is not 1 (R11): the data file is damaged.
    """
    sets = tuple(
        GwpSet(row["set"], date.fromisoformat(row["published"]), row["source"], row["clause"])
        for row in rows("gwp_sets.csv")
    )
    gases = {(row["gas"], row["variant"]): _gas(row, sets) for row in rows("gwp.csv")}
    if any(value != 1 for value in gases["CO2", ""].values.values()):
        raise ValueError("the GWP of CO2 is 1 by definition")
    agents = {row["agent"].lower(): _agent(row) for row in rows("agents.csv")}
    return GwpTable(
        sets=sets,
        gases=MappingProxyType(gases),
        agents=MappingProxyType(agents),
        names=MappingProxyType(_names(gases)),
    )


def _gas(row: Mapping[str, str], sets: tuple[GwpSet, ...]) -> Gas:
    values = {edition.code: parse(row[edition.code.lower()]) for edition in sets if row[edition.code.lower()]}
    return Gas(
        code=row["gas"],
        variant=row["variant"],
        group=row["group"],
        treatment=TREATMENTS[row["treatment"]],
        formula=row["formula"],
        name_zh=row["name_zh"],
        confidence=row["confidence"],
        values=MappingProxyType(values),
    )


def _agent(row: Mapping[str, str]) -> Agent:
    parts = [part.partition("=") for part in row["composition"].split()]
    composition = tuple((gas, parse(fraction)) for gas, _, fraction in parts)
    if total(fraction for _, fraction in composition) != 1:
        raise ValueError(f"the composition of {row['agent']} does not sum to one")
    return Agent(row["agent"], composition, row["confidence"], row["source"])


def _names(gases: Mapping[tuple[str, str], Gas]) -> dict[str, str]:
    """Codes and formulas in lower case; a formula that two gases share names neither."""
    names: dict[str, str] = {}
    shared: set[str] = set()
    for gas in gases.values():
        formula = gas.formula.lower()
        if names.setdefault(formula, gas.code) != gas.code:
            shared.add(formula)
    for formula in shared:
        del names[formula]
    names.update({code.lower(): code for code, _ in gases})
    return names
