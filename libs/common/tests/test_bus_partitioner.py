"""Keys go where every other client would put them."""

from __future__ import annotations

import pytest
from aiokafka.partitioner import murmur2 as peer
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.common.bus.partitioner import murmur2, partition_for


@given(st.binary(max_size=60))
def test_the_hash_is_that_of_another_implementation(data: bytes) -> None:
    assert murmur2(data) == peer(data) & 0xFFFFFFFF


@pytest.mark.parametrize(
    ("data", "hashed"),
    # `testMurmur2` of Apache Kafka's UtilsTest, signed 32-bit.
    [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536)],
)
def test_the_hash_is_that_of_kafka_itself(data: bytes, hashed: int) -> None:
    assert murmur2(data) == hashed & 0xFFFFFFFF


@given(st.text(max_size=40), st.integers(1, 200))
def test_a_partition_exists(key: str, partitions: int) -> None:
    assert 0 <= partition_for(key, partitions) < partitions
