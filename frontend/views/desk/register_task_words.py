"""Tasks about registers: marks that do not fit, what came late, who came unlisted. In words."""

from __future__ import annotations

from frontend.views.desk.task_kind import DONE, NOT_NEEDED, TRIED, Kind, Outcome, PageOf

TOLD_HOW = Outcome("told_how_to_join", "I spoke with them, and they know how to join")

KEPT = {"check": "a safety check", "report": "a report", "walk_in": "somebody at the door", "note": "how it went"}

REGISTER_KINDS = {
    "mark_without_place": Kind(
        "Came without a place",
        "The register has a mark for somebody who had no place. Check what happened.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "marks_differ": Kind(
        "Marked differently by two devices",
        "Two devices marked the same person, or who came along with them, differently, and neither knew of the other. "
        "Both marks are kept, and the one that came last counts. Ask whoever led the class which is right; they can "
        "mark once more, or you can.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "marks_came_late": Kind(
        "Marks came late",
        "Marks were kept on a telephone without signal, and came after the register had closed, or from somebody who "
        "does not lead the class any more. They are recorded. Ask whether they are right.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:waiting_list",
        page_words="Look at the class",
    ),
    "walk_in": Kind(
        "Somebody came who was not listed: who is it?",
        "They are on the register by the name that was typed at the door, and do not exercise until we know that it is "
        "safe for them. Look whether they are registered, and say who it is; else ring them and say how to join.",
        (TOLD_HOW, TRIED, NOT_NEEDED),
        page="desk:walk_in",
        page_words="Who came, and who it might be",
    ),
    "kept_not_taken": Kind(
        "Something kept on a telephone could not be recorded",
        "A safety check, a report, somebody at the door or how it went was written down without signal, and could not "
        "be recorded. "
        "Ring whoever led the class now, ask what it was, and see that whoever was hurt or unwell has help.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:waiting_list",
        page_words="Look at the class",
    ),
    "mark_not_taken": Kind(
        "Marks could not be recorded",
        "Marks from a telephone that was without signal name nobody of this class, or came too late. They are still "
        "on that telephone: ask whoever led the class to read them out, and record what is right.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:waiting_list",
        page_words="Look at the class",
    ),
}
