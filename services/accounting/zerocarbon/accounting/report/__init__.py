"""The report of a closed inventory version: what it says, and how it is drawn as HTML, PDF and XLSX.

`facts` is what is known about a version, `content` the figures of its report, `sections` and `charts` how
they are shown; `rendering` makes the files. Nothing here reads a clock or a database: equal facts, equal
files.
"""
