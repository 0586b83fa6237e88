"""Two inventories held against each other, line by line: what came, what went, what changed, and by how much.

Pure and exact: the differences of the lines of a scope sum to the difference of its totals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.inventory import LineTwice, Totals, totals
from zerocarbon.proof.line import GasMass, InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT, canonical

State = Literal["added", "removed", "changed"]
ZERO = Decimal(0)
COMPARED = tuple(field.name for field in fields(InventoryLine) if field.name != "line")


@dataclass(frozen=True, slots=True)
class GasChange:
    """One gas of a line before and after; absent where the line has it on one side only."""

    gas: str
    before: GasMass | None
    after: GasMass | None

    def to_json(self) -> dict[str, Json]:
        """Plain JSON; masses and differences in kilograms."""
        return {
            "gas": self.gas,
            "before": None if self.before is None else self.before.to_json(),
            "after": None if self.after is None else self.after.to_json(),
            "difference_kg": canonical(_less(_gas_kilograms(self.after), _gas_kilograms(self.before))),
        }


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is not the same on both sides. `changed` names the fields that differ, if it is on both."""

    line: str
    before: InventoryLine | None
    after: InventoryLine | None
    changed: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Whether the line came, went, or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def difference_kg(self) -> Decimal:
        """Kilograms of CO2e after less before; an absent line has none."""
        return _less(kilograms(self.after), kilograms(self.before))

    def gases(self) -> tuple[GasChange, ...]:
        """The gases of both sides by name; the first mention of one stands by the first."""
        before, after = _gases(self.before), _gases(self.after)
        return tuple(
            GasChange(key[0], before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())
        )

    def to_json(self) -> dict[str, Json]:
        """Both sides of everything that decides the figure; null on the side that lacks the line."""
        before, after = _shown(self.before), _shown(self.after)
        paired: dict[str, Json] = {
            name: {"before": before.get(name), "after": after.get(name)}
            for name in COMPARED
            if name not in ("gases", "co2e_kg") and (name in before or name in after)
        }
        return {
            "line": self.line,
            "state": self.state,
            "changed": list(self.changed),
            **paired,
            "gases": [gas.to_json() for gas in self.gases()],
            "co2e_kg": {
                "before": before.get("co2e_kg"),
                "after": after.get("co2e_kg"),
                "difference": canonical(self.difference_kg),
            },
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two inventories. `unchanged` counts the lines that are the same in every field."""

    lines: tuple[LineChange, ...]
    unchanged: int
    before: Totals
    after: Totals

    @property
    def difference(self) -> Totals:
        """After less before, by scope."""
        return totals_less(self.after, self.before)

    def to_json(self) -> dict[str, Json]:
        """Plain JSON; amounts in kilograms of CO2e."""
        return {
            "totals": {
                "before": self.before.to_json(),
                "after": self.after.to_json(),
                "difference": self.difference.to_json(),
            },
            "lines": [line.to_json() for line in self.lines],
            "unchanged": self.unchanged,
        }


def compare(before: Iterable[InventoryLine], after: Iterable[InventoryLine]) -> Comparison:
    """What changed from one inventory to another, sorted by the names of the lines.

    Raises:
        LineTwice: two lines of one side have one name.
    """
    old, new = by_name(before), by_name(after)
    changes: list[LineChange] = []
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one != other:
            changes.append(LineChange(name, one, other, _differing(one, other)))
    return Comparison(
        lines=tuple(changes),
        unchanged=len(old.keys() | new.keys()) - len(changes),
        before=totals(old.values()),
        after=totals(new.values()),
    )


def by_name(lines: Iterable[InventoryLine]) -> dict[str, InventoryLine]:
    """The lines of one inventory by their names.

    Raises:
        LineTwice: two lines have one name.
    """
    named: dict[str, InventoryLine] = {}
    for line in lines:
        if named.setdefault(line.line, line) is not line:
            raise LineTwice(line.line)
    return named


def totals_less(after: Totals, before: Totals) -> Totals:
    """The exact difference, field by field."""
    return Totals(**{one.name: _less(getattr(after, one.name), getattr(before, one.name)) for one in _TOTALS})


def totals_sum(many: Iterable[Totals]) -> Totals:
    """The exact sum, field by field."""
    summed = dict.fromkeys((one.name for one in _TOTALS), ZERO)
    for totalled in many:
        for name, value in summed.items():
            summed[name] = SUM_CONTEXT.add(value, getattr(totalled, name))
    return Totals(**summed)


def kilograms(line: InventoryLine | None) -> Decimal:
    """Kilograms of CO2e of a line; none of an absent one."""
    return ZERO if line is None else line.co2e_kg


_TOTALS = fields(Totals)


def _differing(before: InventoryLine | None, after: InventoryLine | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ()
    return tuple(name for name in COMPARED if getattr(before, name) != getattr(after, name))


def _shown(line: InventoryLine | None) -> Mapping[str, Json]:
    return {} if line is None else line.to_json()


def _gases(line: InventoryLine | None) -> dict[tuple[str, int], GasMass]:
    named: dict[tuple[str, int], GasMass] = {}
    seen: Counter[str] = Counter()
    for mass in () if line is None else line.gases:
        named[mass.gas, seen[mass.gas]] = mass
        seen[mass.gas] += 1
    return named


def _gas_kilograms(mass: GasMass | None) -> Decimal:
    return ZERO if mass is None else mass.co2e_kg


def _less(after: Decimal, before: Decimal) -> Decimal:
    return SUM_CONTEXT.subtract(after, before)
