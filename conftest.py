"""Plugins that every test run has, and the order of a whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = [
    "zerocarbon.common.testing.kafka",
    "zerocarbon.common.testing.logs",
    "zerocarbon.common.testing.postgres",
    "zerocarbon.common.testing.requirements",
]

ACROSS_SERVICES = Path(__file__).parent / "tests"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes begin first: at the end they would run alone on one of the workers."""
    items.sort(key=lambda item: not item.path.is_relative_to(ACROSS_SERVICES))
