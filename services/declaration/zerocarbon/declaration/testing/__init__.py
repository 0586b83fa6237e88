"""Facts of a fictional factory, for tests of declarations."""
