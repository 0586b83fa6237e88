"""gRPC: `zerocarbon.api.declaration.v1.DeclarationService`."""
