"""A worker in a process of its own, for tests that kill it.

`python -m zerocarbon.common.testing.trial_worker '<JSON>'`; the fields are those of `Order`. Once it reads it
prints `reading`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress

import msgspec

from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.kafka import KafkaBus
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.consumer.step import Step
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.testing.trial import SumFold


class Order(msgspec.Struct, frozen=True):
    """What to run. `die_at` names a step and how often it is passed before the process kills itself."""

    consumer: str
    topic: str
    owner_url: str
    request_url: str
    worker_url: str
    kafka: str | None = None
    die_at: str | None = None
    die_after: int = 0
    max_records: int = 50
    session_timeout_ms: int = 1_500


async def work(order: Order) -> None:
    """Runs until it is killed, by itself or from outside."""
    urls = Urls(owner=order.owner_url, request=order.request_url, worker=order.worker_url)
    database = await Database.open(urls)
    bus: Bus
    if order.kafka is not None:
        bus = KafkaBus(KafkaSettings(order.kafka, session_timeout_ms=order.session_timeout_ms))
    else:
        bus = EmbeddedBus({order.topic: database})
    passed = 0

    def on_step(step: Step) -> None:
        nonlocal passed
        if order.die_at == step:
            if passed == order.die_after:
                os.kill(os.getpid(), signal.SIGKILL)
            passed += 1

    settings = WorkerSettings(max_records=order.max_records, wait_seconds=0.1, first_pause=0.05)
    worker = Worker(order.consumer, [order.topic], bus, database, SumFold(), settings, on_step)
    running = asyncio.create_task(worker.run())
    while not worker.reading and not running.done():  # noqa: ASYNC110 - the worker gives no notice
        await asyncio.sleep(0.02)
    sys.stdout.write("reading\n")
    sys.stdout.flush()
    await running


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(work(msgspec.json.decode(sys.argv[1], type=Order)))
