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

    def line(self, width: int = 0) -> str:
        """`ok    inventory-lines  sha256:…`, or `FAIL` and what is wrong; the name takes `width` columns."""
        return f"{'ok' if self.ok else 'FAIL':<5} {self.name:<{width}}  {self.detail}"


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in the order in which they ran. Later checks are absent where an earlier one left nothing
    to look at, such as a container that cannot be opened.

    `not_run` then says in a sentence what was not checked and why; else it is empty.
    """

    checks: tuple[Check, ...]
    authenticity: Authenticity
    not_run: str = ""

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
        """Plain text in columns, a line a check, and the verdict last."""
        width = max(len(check.name) for check in self.checks)
        return [*(check.line(width) for check in self.checks), self.verdict]

    @property
    def verdict(self) -> str:
        """What the checks come to, in one line."""
        if self.not_run:
            return self.not_run
        failed = len(self.failures)
        return f"{failed} of {len(self.checks)} checks failed" if failed else self.authenticity.value
