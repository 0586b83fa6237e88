"""The sections of the report: the ten topics of the GHG Protocol Corporate Standard (R17), then the lines and
an index of what standards ask for. Each module makes one or two of them."""
