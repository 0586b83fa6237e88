"""What all four services stand on: event store, bus, consumers, commands, identity, http, telemetry."""
