"""Durable names of accounting's consumers: positions and parked events are kept under them."""

from __future__ import annotations

ACTIVITY_CONSUMER = "accounting-activity"
REFERENCE_CONSUMER = "accounting-reference"
CERTIFICATE_CONSUMER = "accounting-certificates"
