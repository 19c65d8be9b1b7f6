"""The whole record of a person, across every app: given out, put together, taken away, kept no longer than it may be.

Here: what has to know every table that says something about somebody. Not here: what one table is for (its own
app). It lies above all of them, and only pages and commands call it.
"""
