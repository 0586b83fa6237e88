"""A declaration standard as a strategy: its gates in a fixed order, its scope 2 basis, its notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from zerocarbon.proof.gates.claim import Basis, ClaimFacts
from zerocarbon.proof.gates.offsets import CreditRule, counted_tonnes, needed_tonnes
from zerocarbon.proof.gates.result import Gate, GateResult
from zerocarbon.proof.numbers import canonical


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that a statement prints, in both languages. `code` is stable."""

    code: str
    en: str
    zh: str

    @property
    def text(self) -> str:
        """Both languages, as a published statement carries it."""
        return f"{self.en} / {self.zh}"


NoticeRule = Callable[[ClaimFacts], Notice | None]


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard and edition. Inventories and instruments are the same under all; what differs is here.

    Attributes:
        name: standard and edition, as statements print it.
        basis: the scope 2 method whose total the neutrality test takes.
        gates: every gate, in the order in which results are published.
        credit_rules: what a credit must meet to count in the neutrality test.
        withdrawn: the day of its withdrawal, if it has one.
        window_closes: whether the time to retire ends some day, after which no credit can cure a shortfall.
    """

    name: str
    published: date
    basis: Basis
    gates: tuple[Gate, ...]
    credit_rules: tuple[CreditRule, ...]
    notice_rules: tuple[NoticeRule, ...]
    withdrawn: date | None = None
    window_closes: bool = False


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a standard says about a claim on one day. Amounts: kilograms, whole tonnes, whole credits."""

    standard: str
    basis: Basis
    gates: tuple[GateResult, ...]
    notices: tuple[Notice, ...]
    emissions_kg: str
    emissions_tonnes_rounded_up: int
    credits_tonnes: int

    @property
    def passed(self) -> bool:
        """Whether every gate holds."""
        return all(gate.passed for gate in self.gates)

    @property
    def cures(self) -> tuple[str, ...]:
        """What would make the failing gates hold, once each, in order of the gates."""
        return tuple(dict.fromkeys(gate.cure for gate in self.gates if gate.cure is not None))


def evaluate(standard: Standard, facts: ClaimFacts) -> Evaluation:
    """Judges a claim by every gate of a standard; no gate stops another."""
    return Evaluation(
        standard=standard.name,
        basis=standard.basis,
        gates=tuple(gate(facts) for gate in standard.gates),
        notices=tuple(notice for rule in standard.notice_rules if (notice := rule(facts)) is not None),
        emissions_kg=canonical(facts.inventory.emissions.under(standard.basis)),
        emissions_tonnes_rounded_up=needed_tonnes(facts, standard.basis),
        credits_tonnes=counted_tonnes(facts, standard.credit_rules),
    )
