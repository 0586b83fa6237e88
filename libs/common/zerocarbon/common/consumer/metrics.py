"""What a consumer tells Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter("zerocarbon_consumer_records_total", "Records whose effect was committed", ["consumer"])
PARKED = Counter("zerocarbon_consumer_parked_total", "Records parked", ["consumer", "topic"])
WAITING = Gauge("zerocarbon_consumer_parked_waiting", "Parked records not yet replayed", ["consumer"])
REPLAYED = Counter("zerocarbon_consumer_replayed_total", "Parked records replayed", ["consumer"])
FENCED = Counter("zerocarbon_consumer_fenced_total", "Flushes that changed no row: a zombie", ["consumer"])
FLUSHES = Histogram("zerocarbon_consumer_flush_seconds", "Duration of the flush transaction", ["consumer"])
HALTED = Gauge(
    "zerocarbon_consumer_halted", "1 while a partition stands still", ["consumer", "topic", "partition"]
)
LAG = Gauge("zerocarbon_consumer_lag_records", "Records waiting", ["consumer", "topic", "partition"])
