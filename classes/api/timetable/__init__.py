"""The timetable by the API: change and cancel dates, publish a class, copy a term.

For whoever leads a class, and for the desk. Edges only: what is judged and done is
classes/timetable, and the same actions stand behind the pages.
"""
