"""What registries tell: in their order, each notice once, a file for each kind."""
