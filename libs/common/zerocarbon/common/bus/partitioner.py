"""Which partition a key belongs to: murmur2 as Java's clients compute it, so that all clients agree.

librdkafka hashes with CRC32 unless told `partitioner=murmur2_random`; every producer here is told.
"""

from __future__ import annotations

from functools import lru_cache

_SEED = 0x9747B28C
_MULTIPLIER = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """The 32-bit MurmurHash2 of Kafka (`org.apache.kafka.common.utils.Utils.murmur2`), unsigned."""
    length = len(data)
    state = _SEED ^ length
    whole = length & ~3
    for at in range(0, whole, 4):
        word = int.from_bytes(data[at : at + 4], "little") * _MULTIPLIER & _MASK
        word ^= word >> 24
        state = (state * _MULTIPLIER & _MASK) ^ (word * _MULTIPLIER & _MASK)
    rest = data[whole:]
    if rest:
        state = ((state ^ int.from_bytes(rest, "little")) * _MULTIPLIER) & _MASK
    state ^= state >> 13
    state = state * _MULTIPLIER & _MASK
    return state ^ (state >> 15)


@lru_cache(maxsize=65_536)
def partition_for(key: str, partitions: int) -> int:
    """The partition of a key in a topic with that many partitions."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
