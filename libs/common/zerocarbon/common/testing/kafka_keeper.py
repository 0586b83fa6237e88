"""Keeps the broker of a test run alive as long as any test process uses it."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

from zerocarbon.common.bus.broker import running_broker
from zerocarbon.common.postgres.file_lock import FileLock

ADDRESS, GATE, USERS = "broker.json", "gate.lock", "users.lock"
LOOK_EVERY_SECONDS = 0.5


def main(place: Path) -> None:
    """Starts the broker, prints its address, and stops it once nobody holds the users' lock."""
    with running_broker(place / f"data-{os.getpid()}") as broker:
        sys.stdout.write(json.dumps(asdict(broker)) + "\n")
        sys.stdout.flush()
        users = FileLock(place / USERS)
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            with FileLock(place / GATE):
                if users.try_acquire():
                    # Who comes now finds no address, and starts a keeper of its own.
                    (place / ADDRESS).unlink(missing_ok=True)
                    return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
