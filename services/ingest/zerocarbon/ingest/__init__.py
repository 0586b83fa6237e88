"""Activity data in: organisations, factories, meters, sources, readings and records."""
