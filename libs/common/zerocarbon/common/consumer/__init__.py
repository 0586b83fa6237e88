"""Consumers: batches in, state and positions out in one transaction, poison parked, zombies fenced."""
