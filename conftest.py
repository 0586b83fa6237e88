"""Plugins that every test run has."""

pytest_plugins = [
    "zerocarbon.common.testing.kafka",
    "zerocarbon.common.testing.logs",
    "zerocarbon.common.testing.postgres",
    "zerocarbon.common.testing.requirements",
]
