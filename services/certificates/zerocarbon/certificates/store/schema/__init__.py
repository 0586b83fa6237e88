"""DDL of the first migration, a file for each part. What has shipped is changed by later migrations only."""
