"""How fast the relay publishes a store on Kafka, against aiokafka sending the same records from memory.

A run counts only if the topic holds every record once, in order, numbered without a hole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from hashlib import blake2b

import asyncpg
from confluent_kafka import Consumer
from confluent_kafka import TopicPartition as KafkaPartition

from benchmarks.contestant import Turn, run
from benchmarks.facts import COLUMNS
from benchmarks.report import Benchmark, Options, Reach, Result, main, middle, quotient, say
from benchmarks.stage import Stage
from benchmarks.workload import PARTITIONS, Generator, Workload
from zerocarbon.common.bus.kafka_run import record_of
from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.common.postgres.urls import Urls

CASE = "store to Kafka"
REACHES = [Reach(CASE, "ratio", 0.6)]
FULL, QUICK = 200_000, 10_000
BLOCK = 5_000


def measure(servers: Stage, options: Options) -> Sequence[Result]:
    """Yardstick and relay in turns, each onto a topic of its own."""
    items = options.count(FULL, QUICK)
    workload = Workload(items, sources=100, hours=0, interval=3600, good=True)
    memory, relayed = [], []
    with servers.database("ingest") as urls:
        kafka = servers.kafka.bootstrap_servers
        asyncio.run(_store(urls, Generator(workload, options.seed).pages(BLOCK)))
        sent = _digest((event.event_id, event.data) for event in Generator(workload, options.seed).events())
        for number in range(options.rounds):
            plain, relay = f"memory-{number}", f"relay-{number}"
            servers.make_topic(plain)
            servers.make_topic(relay)
            asyncio.run(servers.checkpoint())
            arguments = {"kafka": kafka, "topic": plain, "workload": asdict(workload), "seed": options.seed}
            memory.append(run(servers, ("batch_sender", arguments)))
            arguments = {"kafka": kafka, "topic": relay, "urls": asdict(urls), "relay": relay, "items": items}
            relayed.append(run(servers, ("relay_runner", arguments)))
            for topic in (plain, relay):
                assert _content(servers, topic, items) == sent, f"{topic} is not what was sent"
            say(f"round {number + 1}: from memory {memory[-1].rate:,.0f}/s, relay {relayed[-1].rate:,.0f}/s")
    return [_result(memory, relayed)]


def _result(memory: Sequence[Turn], relayed: Sequence[Turn]) -> Result:
    rate, yardstick = (middle([turn.rate for turn in turns]) for turns in (relayed, memory))
    cpu, plain = (middle([turn.cpu_us for turn in turns]) for turns in (relayed, memory))
    return Result(
        case=CASE,
        rate=rate,
        unit="events/s",
        yardstick=yardstick,
        ratio=quotient(rate, yardstick),
        cpu_us_per_item=cpu,
        cpu_ratio=quotient(cpu, plain),
        rss_mb=middle([turn.rss_mb for turn in relayed]),
    )


async def _store(urls: Urls, pages: Iterable[list[StoredEvent]]) -> None:
    connection = await asyncpg.connect(urls.worker)
    try:
        for page in pages:
            records = [
                (it.stream, it.version, it.event_id, it.type, it.topic, it.key, it.subject,
                 it.organisation_id, it.recorded_at, None, it.data)
                for it in page
            ]  # fmt: skip
            await connection.copy_records_to_table("event", records=records, columns=COLUMNS)
    finally:
        await connection.close()


def _digest(records: Iterable[tuple[str, bytes]]) -> int:
    """Of records in any order: each is hashed, and the hashes are added."""
    hashes = (blake2b(identity.encode() + data, digest_size=8).digest() for identity, data in records)
    return sum(int.from_bytes(held, "big") for held in hashes)


def _content(servers: Stage, topic: str, items: int) -> int:
    """The digest of a topic whose numbers are whole."""
    consumer = Consumer(servers.kafka.consumer(f"content of {topic}"))
    consumer.assign([KafkaPartition(topic, number, 0) for number in range(PARTITIONS)])
    numbers = dict.fromkeys(range(PARTITIONS), 0)
    found: list[tuple[str, bytes]] = []
    try:
        while len(found) < items:
            messages = consumer.consume(1000, 5.0)
            assert messages, f"{topic} holds {len(found)} of {items} records"
            for record in map(record_of, messages):
                numbers[record.partition] += 1
                assert int(record.attributes["sequence"]) == numbers[record.partition], "a number is missing"
                found.append((record.attributes["id"], record.value))
        assert not consumer.consume(1, 0.2), f"{topic} holds more than was sent"
    finally:
        consumer.close()
    return _digest(found)


RELAY = Benchmark("relay", REACHES, measure)

if __name__ == "__main__":
    main(RELAY)
