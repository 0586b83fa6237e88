"""Runs services: their consumers, their notices, one HTTP port and one gRPC port, in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx
import structlog
import uvicorn

from zerocarbon.common.assembly import assemble
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.kafka import KafkaBus
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.clock import MachineClock
from zerocarbon.common.composition import ServiceDefinition
from zerocarbon.common.consumer.timer import TimerLeader
from zerocarbon.common.consumer.worker import Worker
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.grpc.server import serve_grpc
from zerocarbon.common.http.app import Check, create_app
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import Authenticator
from zerocarbon.common.identity.oidc import OidcAuthenticator
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.migrate import migrate
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.settings import Settings
from zerocarbon.product.admin_key import admin_key_sha256
from zerocarbon.product.catalogue import PRODUCERS, SERVICES

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a host listens."""

    http: str
    grpc: str | None


class _Http(uvicorn.Server):
    """The host decides when to end; uvicorn would otherwise take the signals for itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class ConsumerFailed(Exception):
    """A consumer ended by a fault of the program: the process ends too, so that somebody looks."""


async def host(
    settings: Settings, names: Sequence[str], urls: Mapping[str, Urls], stop: asyncio.Event
) -> None:
    """Runs the named services until `stop` is set.

    `urls` holds their databases, and on the embedded bus those of every service whose topics they read.

    Raises:
        ConsumerFailed: a consumer met a fault of the program.
    """
    async with contextlib.AsyncExitStack() as stack:
        databases = {}
        for name, where in urls.items():
            if name in names:
                await migrate(where, name)
            databases[name] = await Database.open(where, name=name)
            stack.push_async_callback(databases[name].close)
        bus = _bus(settings, databases)
        stack.push_async_callback(bus.close)
        authenticators = await stack.enter_async_context(_authenticators(settings))
        contexts = [
            await _start(stack, settings, name, databases[name], bus, authenticators) for name in names
        ]
        definitions = [SERVICES[name] for name in names]
        workers = _workers(definitions, contexts, bus)
        await _serve(settings, definitions, contexts, workers, stop)


def _bus(settings: Settings, databases: Mapping[str, Database]) -> Bus:
    if settings.kafka_bootstrap_servers is not None:
        return KafkaBus(KafkaSettings(settings.kafka_bootstrap_servers))
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
    context = assemble(
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
    async with database.worker() as session:
        await context.store.incarnation(session.connection)
    return context


def _workers(
    definitions: Sequence[ServiceDefinition], contexts: Sequence[ServiceContext], bus: Bus
) -> list[Worker]:
    return [
        Worker(spec.name, spec.topics, bus, context.database, spec.processor)
        for definition, context in zip(definitions, contexts, strict=True)
        for spec in definition.consumers(context, bus)
    ]


def _leaders(
    definitions: Sequence[ServiceDefinition], contexts: Sequence[ServiceContext]
) -> list[TimerLeader]:
    return [
        TimerLeader(context.database, context.business_clock, definition.timers(context))
        for definition, context in zip(definitions, contexts, strict=True)
        if definition.timers is not None
    ]


def _readiness(contexts: Sequence[ServiceContext], workers: Sequence[Worker]) -> list[Check]:
    async def databases() -> str | None:
        for context in contexts:
            try:
                async with context.database.worker() as session:
                    await session.connection.fetchval("SELECT 1")
            except OSError as lost:
                return f"the database of {context.name} does not answer: {lost}"
        return None

    async def consumers() -> str | None:
        waiting = [worker.consumer for worker in workers if not worker.reading]
        return f"not reading yet: {', '.join(waiting)}" if waiting else None

    return [databases, consumers]


async def _serve(
    settings: Settings,
    definitions: Sequence[ServiceDefinition],
    contexts: Sequence[ServiceContext],
    workers: Sequence[Worker],
    stop: asyncio.Event,
) -> None:
    app = create_app(
        contexts,
        [router for definition in definitions for router in definition.routers],
        _readiness(contexts, workers),
        settings.body_limit_bytes,
    )
    registrations = [
        registration
        for definition, context in zip(definitions, contexts, strict=True)
        for registration in definition.grpc(context)
    ]
    grpc = await serve_grpc(registrations, settings.host, settings.grpc_port) if registrations else None
    http = _Http(
        uvicorn.Config(
            app, host=settings.host, port=settings.port, log_config=None, access_log=False, lifespan="off"
        )
    )
    running = [asyncio.create_task(worker.run(), name=worker.consumer) for worker in workers]
    timing = [asyncio.create_task(leader.run(), name="timers") for leader in _leaders(definitions, contexts)]
    serving = asyncio.create_task(http.serve(), name="http")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        watched = [*running, *timing, serving, stopping]
        done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            fault = task.exception()
            if fault is not None:
                raise ConsumerFailed(f"{task.get_name()} ended: {fault}") from fault
    finally:
        for task in (stopping, *timing):
            task.cancel()
        http.should_exit = True
        for worker in workers:
            worker.stop()
        await asyncio.gather(serving, *running, *timing, return_exceptions=True)
        if grpc is not None:
            await grpc.stop()
