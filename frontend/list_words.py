"""What is wrong with a list that somebody wants to bring in, in words that say what to do.

Here: one sentence for each code. Not here: when a code is used (accounts/lists/ and
the from_list.py of each app). Used by the pages and by the command.
"""

from __future__ import annotations

from datetime import date

from accounts.lists.rows import Fault, Line
from accounts.lists.sheets import MOST_BYTES, MOST_ROWS, Unreadable, Why
from classes.timetable.plans import ObstacleKind, Problem
from frontend.publishing.words import OBSTACLES, PROBLEMS
from frontend.wording import day, joined

FILES = {
    Why.TOO_BIG: f"The file must be smaller than {MOST_BYTES // 1024**2} MB. Split the list in two.",
    Why.TOO_MANY_ROWS: f"A list has at most {MOST_ROWS:,} rows. Split it in two, or delete the empty rows at its end.",
    Why.NO_ROWS: "There is no row under the headings. Choose another file.",
    Why.OLD_EXCEL: "This is an old Excel file (.xls). Save it as an Excel workbook (.xlsx) or as CSV UTF-8.",
    Why.NOT_A_LIST: "This file is not a list we can read. Save it as an Excel workbook (.xlsx) or as CSV UTF-8.",
    Why.NOT_UTF8: "The letters of this file are written as {names}: accents would be lost. Save it as CSV UTF-8.",
    Why.COLUMNS_MISSING: "These columns are missing: {names}. Add them, with these headings.",
    Why.COLUMNS_UNKNOWN: "We do not know these columns: {names}. Delete them, or give them a heading of the template.",
    Why.COLUMNS_TWICE: "These columns are there twice: {names}. Keep one of each.",
    Why.COLUMN_WITHOUT_NAME: "There are words in a column that has no heading. Give it one, or delete it.",
}

ROWS = {
    "missing": "Fill this in.",
    "formula": "Type the value itself, not a formula.",
    "too_long": "This is too long. Shorten it.",
    "not_words": "Write this as text: the spreadsheet has made a date or a tick of it.",
    "not_a_day": "Write the date as 28/03/2027 or 2027-03-28.",
    "not_a_time": "Write the time as 18:00.",
    "not_a_number": "Write a whole number in figures.",
    "not_an_email": "“{about}” is not an email address. Correct it, or leave it empty.",
    "not_a_phone": "“{about}” is not a telephone number. Correct it, or leave it empty.",
    "not_a_postcode": "“{about}” is not a UK postcode. Correct it, or leave it empty.",
    "no_way_to_reach": "Give an email address, a mobile or phone number, or an address.",
    "not_one_of_the_ways": "“{about}” is not filled in. Write email, text, phone or post, and fill that in.",
    "too_young": "Nobody under {about} can take part. Check the date, or take the row out.",
    "not_born_then": "Check the date of birth.",
    "not_found": "There is no “{about}” here. Correct the name, or add it first.",
    "several": "Several are called “{about}”. Take the row out, and add this class by hand.",
    "no_such_weekday": "“{about}” is not a day of the week. Write it in full, such as Tuesday.",
    "another_weekday": "The first date is a {about}. Correct one of the two.",
    "weekly_or_fortnightly": "Write 1 for every week, or 2 for every second week.",
    "ends_before_it_begins": "The last date is before the first. Correct one of the two.",
    **{problem.value: words for problem, words in PROBLEMS.items()},
}

DATES = {
    **OBSTACLES,
    ObstacleKind.MAY_NOT_LEAD: "The instructor may not lead this: look at their credentials.",
    ObstacleKind.INSTRUCTOR_BUSY: "The instructor already leads {about} then.",
    ObstacleKind.ROOM_BUSY: "The room is already taken by {about} then.",
}
EVERY_CODE = {*ROWS, *DATES} | {problem.value for problem in Problem}


def file_words(refused: Unreadable) -> str:
    """One sentence on why a whole file cannot be read."""
    columns = refused.why is not Why.NOT_UTF8
    return FILES[refused.why].format(names=joined(column_words(name) if columns else name for name in refused.names))


def column_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def fault_words(fault: Fault) -> str:
    """One sentence on what to do about one row; an obstacle on a date names it."""
    if fault.code in ROWS:
        return ROWS[fault.code].format(
            about=fault.about.capitalize() if fault.code == "another_weekday" else fault.about
        )
    on, _, about = fault.about.partition(" ")
    return f"{day(date.fromisoformat(on))}: {DATES[ObstacleKind(fault.code)].format(about=about)}"


def days_left_out(line: Line) -> str:
    """The dates of a class that are left out, each with the name of its day."""
    return f"Without {joined(f'{day(on)} ({name})' for on, name in line.without)}"
