"""The evidence bundle: one file from which a stranger recomputes an inventory and the claim on it."""

from zerocarbon.proof.bundle.contents import Circumstances, Contents
from zerocarbon.proof.bundle.reading import Bundle, open_bundle, read
from zerocarbon.proof.bundle.writing import facts_root, used_library_factors, write

__all__ = [
    "Bundle",
    "Circumstances",
    "Contents",
    "facts_root",
    "open_bundle",
    "read",
    "used_library_factors",
    "write",
]
