"""A running declaration service over real databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.declaration.testing.story import Story, story


@pytest_asyncio.fixture
async def told_story(service_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Story]:
    """A story that has not begun."""
    async with story(await service_database("declaration"), tmp_path) as one:
        yield one
