"""The register of one class: who is expected and what to know of them; who came.

`open_register` reads it for the people who lead the class (`open_registers` reads several), `take_register`
adds marks, and `take_kept_marks` those that a telephone kept while there was no signal; `write_note` keeps how it
went for one person. Not here: what a mark means for adherence (classes/adherence.py), places (booking.py). Called by
the register pages and the API.
Import from here.
"""

from classes.register.acknowledging import Acknowledgement, Outcome, Refused
from classes.register.companions import NewCompanionMark
from classes.register.contacts import CAME_STATES
from classes.register.counting import first_attended_on, marks_of, next_place_on
from classes.register.entries import EmergencyContact, Entry, Mark, Need, Register
from classes.register.kept_marks import Fate, KeptMark, Sent, classes_of, take_kept_marks
from classes.register.notes import (
    LONGEST_PART,
    PARTS,
    BadNote,
    DidNotCome,
    NewNote,
    NoteChanged,
    Noted,
    NotesNotOpen,
    add_kept_note,
    last_note_before,
    note_of,
    notes_about,
    notes_open,
    own_notes,
    to_note,
    write_note,
)
from classes.register.online import Today
from classes.register.opening import (
    asks_whom_to_call,
    bookings_on_register,
    newcomers_to,
    open_register,
    open_registers,
    questions_with,
)
from classes.register.photos import agreed_to_photos
from classes.register.taking import NewMark, RegisterClosed, RegisterNotOpen, take_register
from classes.register.walk_ins import KnownAlready, NewWalkIn, TooEarly, add_walk_in, match_walk_in, who_it_might_be
from classes.register.window import AMEND_FOR, FACTS_AFTER, FACTS_BEFORE, KEPT_AFTER, KEPT_BEFORE, Window, is_ahead

__all__ = [
    "AMEND_FOR",
    "CAME_STATES",
    "FACTS_AFTER",
    "FACTS_BEFORE",
    "KEPT_AFTER",
    "KEPT_BEFORE",
    "LONGEST_PART",
    "PARTS",
    "Acknowledgement",
    "BadNote",
    "DidNotCome",
    "EmergencyContact",
    "Entry",
    "Fate",
    "KeptMark",
    "KnownAlready",
    "Mark",
    "Need",
    "NewCompanionMark",
    "NewMark",
    "NewNote",
    "NewWalkIn",
    "NoteChanged",
    "Noted",
    "NotesNotOpen",
    "Outcome",
    "Refused",
    "Register",
    "RegisterClosed",
    "RegisterNotOpen",
    "Sent",
    "Today",
    "TooEarly",
    "Window",
    "add_kept_note",
    "add_walk_in",
    "agreed_to_photos",
    "asks_whom_to_call",
    "bookings_on_register",
    "classes_of",
    "first_attended_on",
    "is_ahead",
    "last_note_before",
    "marks_of",
    "match_walk_in",
    "newcomers_to",
    "next_place_on",
    "note_of",
    "notes_about",
    "notes_open",
    "open_register",
    "open_registers",
    "own_notes",
    "questions_with",
    "take_kept_marks",
    "take_register",
    "to_note",
    "who_it_might_be",
    "write_note",
]
