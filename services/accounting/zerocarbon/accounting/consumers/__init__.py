"""What accounting reads: activity into sums, reference data and retired certificates into its own tables."""
