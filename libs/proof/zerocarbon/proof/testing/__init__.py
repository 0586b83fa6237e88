"""Made-up facts for tests: small, fixed, and right in every respect until a test changes one."""
