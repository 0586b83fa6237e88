"""What may happen to units: pure rules, no clock, no database. One file for each thing that happens."""
