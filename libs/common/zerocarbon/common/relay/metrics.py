"""What a relay tells Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

PUBLISHED = Counter("zerocarbon_relay_events_total", "Events acknowledged by the broker", ["relay"])
LEADING = Gauge("zerocarbon_relay_leading", "1 in the process that publishes", ["relay"])
FAILURES = Counter("zerocarbon_relay_failures_total", "Interruptions, each followed by a new try", ["relay"])
