"""The demo: a fictional maker of photovoltaic cells and modules, from a year of readings to a declaration."""
