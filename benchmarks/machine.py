"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from zerocarbon.common.bus.kraft import KAFKA_VERSION
from zerocarbon.common.postgres.programs import MAJOR_VERSION

_LIBRARIES = ("confluent-kafka", "aiokafka", "asyncpg", "msgspec", "pydantic")


def machine() -> dict[str, object]:
    """The machine: processor, cores, memory in MiB, system."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total >> 20,
        "system": f"{platform.system()} {platform.release()}",
    }


def versions() -> dict[str, str]:
    """Interpreter, servers and the libraries that do the work."""
    return {
        "python": platform.python_version(),
        "kafka": KAFKA_VERSION,
        "postgresql": str(MAJOR_VERSION),
        **{name: version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
