"""Change or cancel dates of a class in a few short pages, for who leads it and for the desk.

Here: the pages, their forms and words. Not here: what a change does (classes/timetable),
whose class it is (each audience's views). Nothing is saved that was not looked at.
"""

from frontend.changing.cancelling import cancel_dates_page
from frontend.changing.left_out import left_out_page, not_on, put_back_page
from frontend.changing.pages import Changing

__all__ = ["Changing", "cancel_dates_page", "left_out_page", "not_on", "put_back_page"]
