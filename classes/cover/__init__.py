"""Cover: somebody else leads one date, because whoever leads it cannot.

candidates.py says who may and who may not, asking.py asks and takes back, taking.py gives the
date to the first who takes it, deadline.py alerts the desk when nobody has. What goes out is in
telling/cover.py. A cover is a row of SessionLeader for that date alone; whoever led before stays
recorded.
"""

from classes.cover.asking import (
    CoverReasonNeeded,
    NothingToCover,
    ask_for_cover,
    covers_of_the_day,
    withdraw_cover,
)
from classes.cover.candidates import Candidate, candidates_for
from classes.cover.taking import CoverGone, MayNotCover, give_at_once, give_cover, take_cover

__all__ = [
    "Candidate",
    "CoverGone",
    "CoverReasonNeeded",
    "MayNotCover",
    "NothingToCover",
    "ask_for_cover",
    "candidates_for",
    "covers_of_the_day",
    "give_at_once",
    "give_cover",
    "take_cover",
    "withdraw_cover",
]
