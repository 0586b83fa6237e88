"""What the HTTP side tells Prometheus. Routes are templates, so that ids make no series of their own."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter(
    "zerocarbon_http_requests_total", "Requests answered", ["service", "method", "route", "status"]
)
SECONDS = Histogram(
    "zerocarbon_http_request_seconds", "From the head of a request to the end of its answer",
    ["service", "method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
DATABASE_UP = Gauge("zerocarbon_database_up", "1 while the service's database answers", ["service"])
XMIN_TRANSACTIONS = Gauge(
    "zerocarbon_database_xmin_age_transactions",
    "Transaction ids that the oldest running write transaction of the server holds back from readers",
    ["service"],
)
XMIN_SECONDS = Gauge(
    "zerocarbon_database_xmin_age_seconds",
    "How long this process has seen the same oldest write transaction hold readers back",
    ["service"],
)
