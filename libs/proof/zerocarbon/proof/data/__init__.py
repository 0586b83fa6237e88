"""Figures that come with the product. Every file opens with comments that say what it is and where from."""
