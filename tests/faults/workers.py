"""Workers in processes of their own, and what a test does to them."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
import psutil

from zerocarbon.common.consumer.step import Step
from zerocarbon.common.testing.transport import Transport, eventually
from zerocarbon.common.testing.trial_worker import Order

PATIENCE_SECONDS = 30


@dataclass(slots=True)
class TrialWorker:
    """A running worker, its output so far, and its signals."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def says(self, text: str) -> str:
        """The next line of its output that holds a text.

        Raises:
            AssertionError: no such line came in time, or it ended without one.
        """
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while line := (await self.process.stdout.readline()).decode():
                    self.lines.append(line)
                    if text in line:
                        return line
        except TimeoutError:
            raise AssertionError(f"nothing of {text!r} in\n{''.join(self.lines)}") from None
        raise AssertionError(f"ended without {text!r}\n{''.join(self.lines)}")

    async def killed(self) -> None:
        """Waits until it has killed itself.

        Raises:
            AssertionError: it ended in another way.
        """
        ended = await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS)
        assert ended == -signal.SIGKILL, f"ended with {ended}"

    async def stands(self) -> None:
        """Waits until it has stopped itself: no thread of it runs, its sockets stay open."""
        found = psutil.Process(self.process.pid)

        async def stopped() -> bool:
            return bool(found.status() == psutil.STATUS_STOPPED)

        await eventually(stopped)

    def goes_on(self) -> None:
        """Wakes it from where it stands."""
        self.process.send_signal(signal.SIGCONT)

    async def leaves(self) -> int:
        """Asks it to end after the batch in hand; gives how many of its flushes were fenced."""
        self.process.send_signal(signal.SIGTERM)
        line = await self.says("fenced ")
        assert await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS) == 0, "".join(self.lines)
        return int(line.split()[-1])


def order(transport: Transport, consumer: str, kafka: str | None = None) -> Order:
    """A worker of the trial's fold that nothing befalls."""
    urls = transport.database.urls
    return Order(consumer, transport.topic, urls.owner, urls.request, urls.worker, kafka)


def falling(whole: Order, at: Step, passes: int = 0) -> Order:
    """The same, killing itself at a step."""
    return msgspec.structs.replace(whole, at=at, passes=passes, sent=signal.SIGKILL)


def standing(whole: Order, at: Step) -> Order:
    """The same, stopping itself the first time that it passes a step."""
    return msgspec.structs.replace(whole, at=at, sent=signal.SIGSTOP)


@asynccontextmanager
async def running(wanted: Order) -> AsyncIterator[TrialWorker]:
    """A worker in a process of its own; it is killed at the end if it still lives."""
    arguments = ["-m", "zerocarbon.common.testing.trial_worker", msgspec.json.encode(wanted).decode()]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    try:
        yield TrialWorker(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
