"""A worker in a process of its own, for tests that kill it or stop it.

`python -m zerocarbon.common.testing.trial_worker '<JSON>'`; the fields are those of `Order`. Once it reads it
prints `reading`; asked to end (SIGTERM) it ends after the batch in hand and prints `fenced N`: how many of
its flushes changed no row.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from importlib import import_module

import msgspec
from prometheus_client import REGISTRY

from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.kafka import KafkaBus
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.consumer.processor import Processor
from zerocarbon.common.consumer.step import Step
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls


class Order(msgspec.Struct, frozen=True):
    """What to run. `processor` is `module:class`, made without arguments.

    Where `at` names a step, the process sends itself `sent` once it has passed that step `passes` times:
    SIGKILL ends it there, SIGSTOP lets it stand with the batch in hand.
    """

    consumer: str
    topic: str
    owner_url: str
    request_url: str
    worker_url: str
    kafka: str | None = None
    processor: str = "zerocarbon.common.testing.trial:SumFold"
    at: Step | None = None
    passes: int = 0
    sent: int = signal.SIGKILL
    max_records: int = 50
    session_timeout_ms: int = 1_500


async def work(order: Order) -> None:
    """Runs until it is asked to end, or killed, by itself or from outside."""
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
        if order.at == step:
            if passed == order.passes:
                # To this thread: nothing runs on before the signal has arrived.
                signal.raise_signal(order.sent)
            passed += 1

    settings = WorkerSettings(max_records=order.max_records, wait_seconds=0.1, first_pause=0.05)
    worker = Worker(
        order.consumer, [order.topic], bus, database, _processor(order.processor), settings, on_step
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    running = asyncio.create_task(worker.run())
    while not worker.reading and not running.done():  # noqa: ASYNC110 - the worker gives no notice
        await asyncio.sleep(0.02)
    _say("reading")
    await running
    fenced = REGISTRY.get_sample_value("zerocarbon_consumer_fenced_total", {"consumer": order.consumer})
    _say(f"fenced {int(fenced or 0)}")
    await bus.close()
    await database.close()


def _processor(name: str) -> Processor:
    module, _, attribute = name.partition(":")
    made: Processor = getattr(import_module(module), attribute)()
    return made


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(work(msgspec.json.decode(sys.argv[1], type=Order)))
