"""`python -m zerocarbon.common.bus DIRECTORY`: a Kafka broker in the foreground, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from zerocarbon.common.bus.broker import ENVIRONMENT, running_broker
from zerocarbon.common.bus.kraft import BrokerFailed

_ORIGINS = {
    "environment": "the one of the environment, which is left as it is",
    "docker": "in a container, whose data go with it",
    "jars": "from Kafka's own jars, data under {directory}, which go with it",
}


def main(directory: Path) -> int:
    """Finds or starts a broker, prints its address and waits; gives the exit status."""
    wanted = {signal.SIGINT, signal.SIGTERM}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        # A place of its own for each run: what a broker keeps, its ports among it, is not for the next one.
        with (
            tempfile.TemporaryDirectory(dir=directory.absolute()) as place,
            running_broker(Path(place) / "data") as broker,
        ):
            # Blocked from here on only: while the broker starts, Ctrl-C ends both as usual.
            signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
            sys.stdout.write(
                f"Kafka answers at {broker.bootstrap_servers}"
                f" ({_ORIGINS[broker.origin].format(directory=directory)})\n"
                f"export {ENVIRONMENT}={broker.bootstrap_servers}\n"
                "Ctrl-C ends this\n"
            )
            sys.stdout.flush()
            signal.sigwait(wanted)
    except BrokerFailed as failed:
        sys.stderr.write(f"no Kafka broker: {failed}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
