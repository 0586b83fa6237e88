"""Who may do what with declarations, over REST and gRPC alike."""

from __future__ import annotations

from zerocarbon.contracts.reference import Role

PREPARERS: tuple[Role, ...] = ("preparer", "admin")
APPROVERS: tuple[Role, ...] = ("reviewer", "admin")
VERIFIERS: tuple[Role, ...] = ("verifier",)
READERS: tuple[Role, ...] = ("operator", "preparer", "reviewer", "verifier", "admin")
