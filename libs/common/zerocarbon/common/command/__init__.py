"""Commands: idempotent, tried without trace, refused by rule, and audited."""
