"""Rules of what may enter: pure, commands in, events out."""
