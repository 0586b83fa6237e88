"""What commands tell Prometheus."""

from __future__ import annotations

from prometheus_client import Counter

REFUSALS = Counter(
    "zerocarbon_refusals_total", "Violations for which requests were refused, by rule", ["rule"]
)
