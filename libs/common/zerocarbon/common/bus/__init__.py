"""How events travel between services: one port, an embedded bus and a Kafka bus behind it."""
