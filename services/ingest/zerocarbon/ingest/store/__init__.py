"""The read models of `ingest`, written in the transaction of the events that they show."""
