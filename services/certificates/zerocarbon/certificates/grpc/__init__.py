"""gRPC: the operations of REST, with the same use cases and refusals."""
