"""Answers in a file, scored without the site: read, scored, written line by line. PURE.

Called by `manage.py score_file`, which needs no database, and by the tests of
the recipes. places.py finds where in a JSON file something stands, answers.py
reads rows, lines.py says what a row came to.
"""
