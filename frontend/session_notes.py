"""How a class went for one person, as a form and in words: shared by instructors, the desk and the person.

Here: the form and its words. Not here: who may write and read (classes/register/notes.py), the pages.
"""

from __future__ import annotations

import uuid
from typing import Any

from classes.judging.refusals import Refusal
from classes.models import LEAST_EFFORT, MOST_EFFORT, SessionNote
from classes.register import LONGEST_PART, PARTS, NewNote, NoteChanged
from frontend import forms
from frontend.safety_check import as_uuid
from frontend.wording import moment

SHARED = ("plan", "effort", "adaptation", "next_time")
LABELS = {
    "plan": "What they did",
    "effort": "How hard it felt, 0 to 10",
    "adaptation": "What was changed",
    "next_time": "Next time",
    "for_colleagues": "For colleagues",
}
ASKED = {  # as whoever leads the class is asked
    **LABELS,
    "effort": "How hard did it feel?",
    "adaptation": "What you changed for them",
}
COLLEAGUES_HINT = (
    "Their next instructors and the clinical lead read it. Not on {name}’s pages, but {name} may ask for it"
)
EFFORT_HINT = "Ask them. 0 is rest, 10 is as hard as it can be"
REFUSED = {
    "notes_not_open": "Nothing was saved: this is written from the start of a class until 48 hours after it.",
    "did_not_come": "Nothing was saved: they have no mark that says they came. Mark them on the register first.",
    "id_used": "This was sent before in other words, so nothing was saved. Open the page again.",
    "bad_note": "Nothing is written yet. Fill in at least one answer, or skip this person.",
    "try_again": "Nothing is saved yet. Please press the button again.",
}


def _words(part: str, room: int = LONGEST_PART) -> forms.LongTextField:
    return forms.LongTextField(label=ASKED[part], called=LABELS[part], required=False, rows=2, max_length=room)


class SessionNoteForm(forms.Form):
    """`name`: what the person is called."""

    id = forms.HiddenField(required=False)
    after = forms.HiddenField(required=False)
    plan = _words("plan")
    effort = forms.NumberField(
        label=ASKED["effort"],
        called="how hard it felt",
        hint=EFFORT_HINT,
        required=False,
        min_value=LEAST_EFFORT,
        max_value=MOST_EFFORT,
        width=3,
    )
    adaptation = _words("adaptation")
    next_time = _words("next_time")
    for_colleagues = _words("for_colleagues")

    def __init__(self, data: Any, *, name: str, latest: SessionNote | None) -> None:
        there = {one: getattr(latest, one) for one in (*SHARED, "for_colleagues")} if latest else {}
        super().__init__(data, initial={"id": uuid.uuid4(), "after": latest.pk if latest else "", **there})
        for part in PARTS:  # more was put under what was written: all of it can be saved again
            self.fields[part] = _words(part, max(LONGEST_PART, len(there.get(part, ""))))
        self.fields["for_colleagues"].hint = COLLEAGUES_HINT.format(name=name)  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.LongTextField | forms.NumberField):
                field.marks_optional = False  # the page says so once

    def show_after(self, latest: SessionNote) -> None:
        """What is sent next has seen `latest`."""
        self.show_as("after", str(latest.pk))

    def note(self) -> NewNote:
        said = self.cleaned_data
        return NewNote(
            id=as_uuid(said["id"]),
            after=as_uuid(said["after"]) if said["after"] else None,
            **{one: said[one] for one in (*SHARED, "for_colleagues")},
        )


def refused_words(refusal: Refusal) -> str:
    if isinstance(refusal, NoteChanged):
        return (
            f"{refusal.latest.by.full_name} wrote about them {moment(refusal.latest.at)}, while this page was open. "
            "Read it below, put together what is right, and save again."
        )
    return REFUSED[refusal.code]


def shared_rows(note: SessionNote) -> list[tuple[str, str]]:
    """What the person shares with staff."""
    effort = "" if note.effort is None else f"{note.effort} of 10"
    said = {"plan": note.plan, "effort": effort, "adaptation": note.adaptation, "next_time": note.next_time}
    return [(LABELS[one].removesuffix(", 0 to 10"), words) for one, words in said.items() if words]


def own_rows(note: SessionNote) -> list[tuple[str, str]]:
    """What the person reads, as it is said to them."""
    return [(label.replace("they", "you"), words) for label, words in shared_rows(note)]


def all_rows(note: SessionNote) -> list[tuple[str, str]]:
    """What staff read."""
    return shared_rows(note) + ([(LABELS["for_colleagues"], note.for_colleagues)] if note.for_colleagues else [])
