"""Two records of one person become one: looked at first, done in one transaction, undone within 30 days.

columns.py says what becomes of every column that names a person; weighing.py holds the pure rules; look.py finds what
clashes and how it is settled; journal.py writes down every row that changes; merge.py and undo.py do it.
"""
