"""From a service's event store to Kafka: in order, numbered, each event at least once and counted once."""
