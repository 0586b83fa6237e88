"""A relay on a store that was not published: the process ends, and says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from zerocarbon.common.bus.broker import Broker
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import with_database
from zerocarbon.common.testing.postgres import MakeUrls
from zerocarbon.common.testing.postgres_server import Server

PATIENCE_SECONDS = 100


async def test_a_relay_ends_with_a_sentence_when_the_store_was_restored(
    service_urls: MakeUrls, postgres_server: Server, kafka: Broker, tmp_path: Path
) -> None:
    urls = service_urls("ingest")
    database = await Database.open(urls)
    async with database.worker() as session:
        # Published by another incarnation than this one.
        await session.connection.execute(
            "INSERT INTO relay_state (relay, incarnation, epoch, owner)"
            " VALUES ('internal', 'c0ffee00-0000-4000-8000-000000000000', 1, 'earlier')"
        )
    await database.close()
    name = urlsplit(urls.owner).path.removeprefix("/")
    ended = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this loop
        [sys.executable, "-m", "zerocarbon.product.main", "relay", "ingest"],
        env={
            **os.environ,
            "DATABASE_URL": with_database(postgres_server.administrator, name),
            "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "ZEROCARBON_DATA_DIRECTORY": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "incarnation c0ffee00-0000-4000-8000-000000000000 of the store was published" in ended.stderr
    assert "Nothing is sent" in ended.stderr
    assert "docs/adr/0009-restores.md" in ended.stderr
    assert "Traceback" not in ended.stderr
