"""Merkle trees as in section 2.1 of RFC 9162 (and RFC 6962), with SHA-256.

A byte stands before what is hashed, `0x00` for leaves and `0x01` for nodes, so that a node cannot be passed
off as a leaf. A tree of n leaves splits at the largest power of two below n: it grows at its right edge, and
a builder needs one hash per level.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """The 32 bytes of one leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32 bytes of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Builder:
    """Grows a tree leaf by leaf, holding one hash per complete subtree: O(log n) memory.

    `root()` may be asked at any time; asking changes nothing.
    """

    __slots__ = ("_complete", "_count")

    def __init__(self) -> None:
        self._complete: list[bytes] = []
        self._count = 0

    @property
    def count(self) -> int:
        """How many leaves the tree has."""
        return self._count

    def add(self, leaf: bytes) -> None:
        """Appends one leaf, given as its canonical bytes."""
        digest = leaf_hash(leaf)
        position = self._count
        while position & 1:
            digest = node_hash(self._complete.pop(), digest)
            position >>= 1
        self._complete.append(digest)
        self._count += 1

    def root(self) -> bytes:
        """The 32 bytes of the root over the leaves so far."""
        if not self._complete:
            return EMPTY_ROOT
        digest = self._complete[-1]
        for left in reversed(self._complete[:-1]):
            digest = node_hash(left, digest)
        return digest


def root(leaves: Iterable[bytes]) -> bytes:
    """The 32 bytes of the root over leaves in the order given."""
    builder = Builder()
    for leaf in leaves:
        builder.add(leaf)
    return builder.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes, from the leaf upwards, that lead from `leaves[index]` to the root (RFC 9162, 2.1.3.1).

    Raises:
        IndexError: no leaf has that index.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    path: list[bytes] = []
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = _parents(level)
        index >>= 1
    return path


def _parents(level: list[bytes]) -> list[bytes]:
    """The next level up; an odd last hash rises unchanged, which is the same tree as the split of the RFC."""
    pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return pairs + level[len(level) - len(level) % 2 :]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether `leaf` stands at `index` in the tree of `size` leaves with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    digest = leaf_hash(leaf)
    position, last = index, size - 1
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            digest = node_hash(sibling, digest)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            digest = node_hash(digest, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and digest == expected_root
