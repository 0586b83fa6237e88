"""REST: what callers and registries reach over HTTP."""
