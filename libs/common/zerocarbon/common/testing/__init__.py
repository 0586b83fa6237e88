"""What tests of every package lean on."""
