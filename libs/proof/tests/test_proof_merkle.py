"""Merkle trees against the published vectors of RFC 6962 implementations, and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.merkle import (
    Builder,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_inclusion,
)

# The eight inputs and their roots that the Certificate Transparency implementations share.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_OF_LEAF_0_OF_8 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]

many_leaves = st.lists(st.binary(max_size=12), min_size=1, max_size=70)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_published(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


def test_the_path_of_a_leaf_is_the_one_published() -> None:
    assert [step.hex() for step in inclusion_proof(LEAVES, 0)] == PATH_OF_LEAF_0_OF_8


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word for word."""
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@given(many_leaves)
def test_the_builder_agrees_with_the_recursive_definition_at_every_size(leaves: list[bytes]) -> None:
    builder = Builder()
    for size, leaf in enumerate(leaves, start=1):
        builder.add(leaf)
        assert builder.count == size
        assert builder.root() == recursive_root(leaves[:size])


@given(many_leaves, st.data())
def test_every_leaf_has_a_proof_that_holds(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(min_value=0, max_value=len(leaves) - 1))
    path = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, len(leaves), path, root(leaves))


@given(many_leaves, st.data())
def test_a_proof_holds_for_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    path = inclusion_proof(leaves, index)
    expected = root(leaves)
    assert not verify_inclusion(leaves[index] + b"!", index, size, path, expected)
    assert not verify_inclusion(leaves[index], index, size, [*path, bytes(32)], expected)
    assert not verify_inclusion(leaves[index], size, size, path, expected)
    assert not verify_inclusion(leaves[index], index, size, path, bytes(32))
    if path:
        assert not verify_inclusion(leaves[index], index, size, path[:-1], expected)


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert root([left + right]) != root([b"a", b"b"])


def test_a_leaf_that_is_not_there_has_no_proof() -> None:
    with pytest.raises(IndexError, match="no leaf 8 in a tree of 8"):
        inclusion_proof(LEAVES, 8)
