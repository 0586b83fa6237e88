"""Throws away what `make up` and the demos keep, unless somebody still works with it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.product.occupancy import free, occupied, staged

DATA = Path("var")
DEMOS = (DATA / "demo", DATA / "demo-kafka")
"""Where `make up` and the demos keep their data, below the current directory."""

OUTPUT = Path("demo-output")


def reset(services: Sequence[str]) -> None:
    """Removes `var` and `demo-output` of the current directory.

    A PostgreSQL that outlived a kill of its services is stopped before.

    Raises:
        AlreadyRunning: a service or a demo runs on one of the directories; nothing was removed.
    """
    with ExitStack() as held:
        there = [place for place in (DATA, *DEMOS) if place.is_dir()]
        for place in there:
            free(place, services)
        for place in there:
            if place in DEMOS:
                held.enter_context(staged(place))
            held.enter_context(occupied(place, services, "make reset"))
        for place in there:
            EmbeddedPostgres(place / "postgres").stop()
        for place in (DATA, OUTPUT):
            if place.exists():
                shutil.rmtree(place)
