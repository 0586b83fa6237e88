"""Progress bars of the chapters that take time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Done = Callable[[int], None]
"""Is told how much more is done."""

NAME_WIDTH = 30


@contextmanager
def bar(console: Console, what: str, total: int) -> Iterator[Done]:
    """A bar from nothing to `total`; gives what to call as the work goes on."""
    columns = (
        TextColumn(f"  {{task.description:<{NAME_WIDTH}}}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)
