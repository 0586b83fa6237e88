"""gRPC: one way to start a server, to authenticate, to run a command and to refuse, for all services."""
