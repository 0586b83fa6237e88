"""Runs services: their consumers, their notices, one HTTP port and one gRPC port, in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import httpx

from zerocarbon.common.assembly import assemble
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.kafka import KafkaBus
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.clock import MachineClock
from zerocarbon.common.command.sweeper import Sweeper
from zerocarbon.common.composition import ConsumerSpec, ServiceDefinition
from zerocarbon.common.consumer.parked_care import ParkedCare
from zerocarbon.common.consumer.timer import TimerLeader
from zerocarbon.common.consumer.worker import Worker
from zerocarbon.common.eventstore.identity import recognise
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.http.app import create_app
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import Authenticator
from zerocarbon.common.identity.oidc import OidcAuthenticator
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.migrate import migrate
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.settings import Settings
from zerocarbon.product.admin_key import admin_key_sha256
from zerocarbon.product.catalogue import PRODUCERS, SERVICES
from zerocarbon.product.kafka import kafka_settings
from zerocarbon.product.readiness import ConsumerReadiness
from zerocarbon.product.serving import Addresses, Http, PartFailed, grpc_serving

END_SECONDS = 15.0
"""After which tasks that do not end by themselves are cancelled."""

Announce = Callable[[Addresses], None]


async def host(
    settings: Settings,
    names: Sequence[str],
    urls: Mapping[str, Urls],
    bound: socket.socket,
    stop: asyncio.Event,
    announce: Announce,
) -> None:
    """Runs the named services until `stop` is set.

    `urls` holds their databases, and on the embedded bus those of every service whose topics they read.
    `bound` is the socket for REST. `announce` is told the addresses once requests are answered.

    Raises:
        PartFailed: a consumer, the timers or a server met a fault of the program.
    """
    async with contextlib.AsyncExitStack() as stack:
        databases = {}
        for name, where in urls.items():
            # The embedded bus reads every producer's tables: they have to be there, whoever runs.
            if name in names or settings.kafka_bootstrap_servers is None:
                await migrate(where, name)
                await recognise(where)
            databases[name] = await Database.open(where, name=name)
            stack.push_async_callback(databases[name].close)
        bus = bus_over(settings, databases)
        stack.push_async_callback(bus.close)
        authenticators = await stack.enter_async_context(_authenticators(settings))
        contexts = [
            await _start(stack, settings, name, databases[name], bus, authenticators) for name in names
        ]
        definitions = [SERVICES[name] for name in names]
        await _serve(settings, definitions, contexts, bus, bound, stop, announce)


def bus_over(settings: Settings, databases: Mapping[str, Database]) -> Bus:
    """Kafka where it is set, else the stores of the producers that are given."""
    if settings.kafka_bootstrap_servers is not None:
        return KafkaBus(kafka_settings(settings))
    return EmbeddedBus(
        {topic: databases[producer] for topic, producer in PRODUCERS.items() if producer in databases}
    )


@contextlib.asynccontextmanager
async def _authenticators(settings: Settings) -> AsyncIterator[list[Authenticator]]:
    if settings.oidc_issuer is None or settings.oidc_jwks_url is None:
        yield []
        return
    async with httpx.AsyncClient() as client:
        yield [
            OidcAuthenticator(settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url, client)
        ]


async def _start(
    stack: contextlib.AsyncExitStack,
    settings: Settings,
    name: str,
    database: Database,
    bus: Bus,
    authenticators: Sequence[Authenticator],
) -> ServiceContext:
    notifier = Notifier(database)
    notifier.start()
    stack.push_async_callback(notifier.stop)
    return assemble(
        name,
        database,
        bus,
        MachineClock(),
        notifier,
        data_directory=settings.data_directory,
        admin_key_sha256=admin_key_sha256(settings),
        business_clock_settable=settings.business_clock_settable,
        authenticators=authenticators,
    )


async def _serve(
    settings: Settings,
    definitions: Sequence[ServiceDefinition],
    contexts: Sequence[ServiceContext],
    bus: Bus,
    bound: socket.socket,
    stop: asyncio.Event,
    announce: Announce,
) -> None:
    parts = list(zip(definitions, contexts, strict=True))
    workers: list[Worker] = []
    consuming: list[ServiceContext] = []
    consumed: dict[str, Sequence[ConsumerSpec]] = {}
    for definition, context in parts:
        specs = definition.consumers(context, bus)
        workers += [Worker(it.name, it.topics, bus, context.database, it.processor) for it in specs]
        consuming += [context] if specs else []
        consumed[context.name] = specs
    leaders = [
        TimerLeader(context.database, context.business_clock, definition.timers(context))
        for definition, context in parts
        if definition.timers is not None
    ]
    cares = [
        ParkedCare([spec.name for spec in consumed[it.name]], it.database, it.system_clock)
        for it in consuming
    ]
    consumers = ConsumerReadiness(consuming, workers)
    app = create_app(
        contexts,
        [router for definition in definitions for router in definition.routers],
        [consumers.begun],
        settings.body_limit_bytes,
        [consumers.reading, consumers.halted],
        consumed,
    )
    registrations = [it for definition, context in parts for it in definition.grpc(context)]
    http = Http(app, bound)
    async with grpc_serving(settings, registrations) as grpc:
        tasks = [asyncio.create_task(worker.run(), name=worker.consumer) for worker in workers]
        tasks.append(asyncio.create_task(http.run_until_stopped(), name="http"))
        timers = [asyncio.create_task(leader.run(), name="timers") for leader in leaders]
        timers += [asyncio.create_task(care.run(), name="care of parked records") for care in cares]
        sweepers = [Sweeper(context.database, context.system_clock) for context in contexts]
        timers += [asyncio.create_task(sweeper.run(), name="sweeper") for sweeper in sweepers]
        try:
            await _until(http.answering, [*tasks, *timers])
            announce(Addresses(http.address, grpc))
            await _until(stop, [*tasks, *timers])
        finally:
            http.should_exit = True
            for worker in workers:
                worker.stop()
            await _end(tasks, timers)


async def _until(event: asyncio.Event, tasks: Sequence[asyncio.Task[None]]) -> None:
    """Returns when the event is set; raises when a part ends before, however it ended."""
    waiting = asyncio.create_task(event.wait(), name="waiting")
    try:
        done, _ = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    for task in done - {waiting}:
        fault = None if task.cancelled() else task.exception()
        raise PartFailed(f"{task.get_name()} ended: {fault or 'without being asked to'}") from fault


async def _end(tasks: Sequence[asyncio.Task[None]], timers: Sequence[asyncio.Task[None]]) -> None:
    """Lets batches and requests in hand end within the time for it; what does not is cancelled."""
    for timer in timers:
        timer.cancel()
    everything = [*tasks, *timers]
    _, late = await asyncio.wait(everything, timeout=END_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*everything, return_exceptions=True)
