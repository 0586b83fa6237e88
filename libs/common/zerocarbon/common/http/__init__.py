"""REST: one way to authenticate, to run a command, to refuse and to page, for all services."""
