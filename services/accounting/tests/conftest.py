"""Stages for tests that read published events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest_asyncio

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import Office, furnish
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.testing.postgres import MakeDatabase

MakeStage = Callable[[], Awaitable[Stage]]


@pytest_asyncio.fixture
async def make_stage(service_database: MakeDatabase) -> AsyncIterator[MakeStage]:
    """Each call gives accounting behind an embedded bus of its own; nothing is published yet."""
    async with AsyncExitStack() as exits:

        async def make() -> Stage:
            return await exits.enter_async_context(Stage(await service_database("accounting")))

        yield make


@pytest_asyncio.fixture
async def stage(make_stage: MakeStage) -> Stage:
    """One stage."""
    return await make_stage()


@pytest_asyncio.fixture
async def office(stage: Stage) -> Office:
    """A month that is complete, with 100 MWh of certificates, and three people."""
    return await furnish(stage, [*plant.month(), plant.retirement(100)])
