"""The parts of a statement, each made from the view."""
