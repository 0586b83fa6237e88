"""Which roles may look at units, and which may dispose of them."""

from __future__ import annotations

READING = ("operator", "preparer", "reviewer", "verifier", "admin")
ACTING = ("preparer", "admin")
