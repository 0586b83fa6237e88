"""Charts as SVG, drawn by Vega-Lite. Only axes and bars are drawn from binary fractions: every figure that is
printed is a text made from the exact one, and stands in a table beside the chart. No text of a user is drawn.
"""
