"""Publish a class in a few short pages, for instructors (own classes) and the desk (anybody's).

Here: the pages, their forms and words, the draft between them. Not here: what
stands against a class (classes/timetable/plans.py), who may come (each audience's views).
"""

from frontend.publishing.pages import Publishing
from frontend.publishing.times import GivingTimes

__all__ = ["GivingTimes", "Publishing"]
