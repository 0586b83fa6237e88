"""`zerocarbon demo`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from zerocarbon.common.bus.kraft import BrokerFailed
from zerocarbon.common.settings import Settings
from zerocarbon.product.admin_key import admin_key_file
from zerocarbon.product.demo.client import DemoStopped
from zerocarbon.product.demo.run import Story
from zerocarbon.product.demo.stage import Stage, embedded_stage, given_stage, kafka_stage
from zerocarbon.product.demo.summary import print_summary
from zerocarbon.product.demo.wishes import Wishes

PICTURE_COLUMNS = 108
FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def run_demo(
    wishes: Wishes, *, kafka: bool, services: Sequence[str], settings: Settings, picture: Path | None = None
) -> int:
    """Tells the story and prints what it came to; the exit status is 1 when it had to stop.

    Args:
        wishes: which story.
        kafka: whether on a broker, in processes of their own.
        services: NAME=URL of services that run already.
        settings: where data lie.
        picture: the SVG file that gets a picture of all that was printed.
    """
    console = _console(picture)
    try:
        story = Story(wishes, console)
        with _stage(kafka, services, settings, console) as stage:
            _clear(wishes.output)
            told = story.tell(stage)
    except (DemoStopped, BrokerFailed) as stopped:
        console.print(f"[bold red]stopped[/] {escape(str(stopped))}", highlight=False, soft_wrap=True)
        return 1
    print_summary(told, wishes.output, console)
    if picture is not None:
        # Without the fonts of another host: a picture in a page may load nothing.
        picture.write_text(FONT_FACE.sub("", console.export_svg(title="make demo")), encoding="utf-8")
    return 0


def _console(picture: Path | None) -> Console:
    if picture is None:
        return Console()
    # Not as on a terminal, where every frame of a bar would be recorded.
    return Console(record=True, width=PICTURE_COLUMNS, force_terminal=False)


def _stage(
    kafka: bool, services: Sequence[str], settings: Settings, console: Console
) -> AbstractContextManager[Stage]:
    directory = settings.data_directory.absolute() / ("demo-kafka" if kafka else "demo")
    if services:
        addresses = dict(one.split("=", 1) for one in services)
        return given_stage(addresses, admin_key_file(settings))
    if kafka:
        console.print("Starting a Kafka broker, four services and four relays, each a process of its own")
        return kafka_stage(directory)
    console.print("Starting the four services on the embedded default")
    return embedded_stage(directory)


def _clear(output: Path) -> None:
    # Emptied rather than removed: it may be a mount.
    output.mkdir(parents=True, exist_ok=True)
    for path in output.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
