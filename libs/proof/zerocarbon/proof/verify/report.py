"""What a verification found."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.proof.manifest import Authenticity


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, whether it holds, and what was found."""

    name: str
    ok: bool
    detail: str

    def line(self) -> str:
        """`ok    inventory-lines sha256:…`, or `FAIL` and what is wrong."""
        return f"{'ok' if self.ok else 'FAIL':<5} {self.name} {self.detail}"


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in the order in which they ran. Later checks are absent where an earlier one left nothing
    to look at, such as a container that cannot be opened."""

    checks: tuple[Check, ...]
    authenticity: Authenticity

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.ok)

    @property
    def exit_status(self) -> int:
        """0 when every check holds, else 1."""
        return 0 if self.ok else 1

    def lines(self) -> list[str]:
        """Plain text, a line a check, and the verdict last."""
        failed = len(self.failures)
        verdict = f"{failed} of {len(self.checks)} checks failed" if failed else self.authenticity.value
        return [*(check.line() for check in self.checks), verdict]
