"""Who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zerocarbon.contracts.reference import Role


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or program that proved who it is.

    `memberships` gives its roles in its own organisations. What others granted it is looked up per request.
    An installation's administrator may act in every organisation.
    """

    principal_id: str
    memberships: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    installation_admin: bool = False
