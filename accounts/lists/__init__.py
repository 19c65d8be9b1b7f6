"""Lists that exist already and are brought in from a file: a timetable, the people who have come so far.

Here: reading the file (sheets.py), its cells (cells.py), one row after the other
with what is wrong in it (rows.py), and the one way in which a list is brought in,
whole or not at all (bringing.py). Not here: what a row means (participants/
from_list.py, classes/timetable/from_list.py), words and pages (frontend).
"""
