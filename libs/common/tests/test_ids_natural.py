"""Natural ids: equal for equal keys, different for different ones, the same for ever."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.common.ids import natural_id, new_id

PARTS = st.lists(st.text(st.sampled_from("ab\x1e\x1f"), max_size=4), min_size=1, max_size=4)


@given(PARTS, PARTS)
def test_different_parts_never_share_an_id(one: list[str], other: list[str]) -> None:
    assert (natural_id(*one) == natural_id(*other)) == (one == other)


def test_ids_are_those_of_earlier_releases() -> None:
    assert natural_id("factory", "o", "cell-plant") == "ccce0c9d-a26a-58a9-ad77-46f37ada7bba"


def test_new_ids_are_version_7_and_in_order() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(set(made))
    assert {uuid.UUID(one).version for one in made} == {7}
