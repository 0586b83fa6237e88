"""Why a figure was not computed."""

from __future__ import annotations

from typing import ClassVar


class Refused(ValueError):
    """The facts forbid the figure. Every refusal names its rule; its text names what was found.

    Attributes:
        rule: the requirement, finding, double-counting case or clause, such as `R128` or `DC19`.
    """

    rule: ClassVar[str] = "rules 13"
