"""Lets code that is not asynchronous wait for code that is, also from within a running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` in an event loop of its own on another thread. For set-up, not for requests: it blocks."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="blocking") as thread:
        return thread.submit(asyncio.run, work).result()
