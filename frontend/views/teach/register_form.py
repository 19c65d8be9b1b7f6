"""The register as one form: a mark and a note for each person, each with an id made when the page was drawn.

Only what was changed on this page is sent on, so that a page that has been open
for a while takes back nobody else's marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from classes.models import AttendanceState
from classes.register import Entry, NewCompanionMark, NewMark, Register
from frontend import forms
from frontend.views.teach.wording import CAME, COMPANION, MARKS, companion_tick

COMPANION_OPTIONS = list(COMPANION.items())
OPTIONS = [(state, label.words) for state, label in MARKS.items()]


class RegisterForm(forms.Form):
    """Fields for each line `key`: state_key, note_key, and hidden id_key, was_key, said_key."""

    def __init__(self, *args: Any, register: Register, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.register = register
        for entry in register.entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        state, note = (entry.mark.state, entry.mark.note) if entry.mark else ("", "")
        mark = forms.RadiosField(
            label=f"Mark for {entry.name}",
            missing=f"Select a mark for {entry.name}",
            options=OPTIONS,
            required=False,
            initial=state,
        )
        words = forms.TextField(label=f"Note about {entry.name}", required=False, initial=note, max_length=200)
        mark.marks_optional = words.marks_optional = False
        self.fields[f"state_{entry.key}"], self.fields[f"note_{entry.key}"] = mark, words
        for name, value in (("id", str(uuid4())), ("was", state), ("said", note)):
            self.fields[f"{name}_{entry.key}"] = forms.HiddenField(required=False, initial=value)
        if entry.with_companion:
            self._add_companion(entry)

    def _add_companion(self, entry: Entry) -> None:
        said = companion_tick(entry)
        tick = forms.RadiosField(
            label=f"Who comes along with {entry.name}",
            missing="Select one of the two",
            options=COMPANION_OPTIONS,
            required=False,
            initial=said,
        )
        tick.marks_optional = False
        self.fields[f"companion_{entry.key}"] = tick
        for name, value in ((f"id_c{entry.key}", str(uuid4())), (f"had_{entry.key}", said)):
            self.fields[name] = forms.HiddenField(required=False, initial=value)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for entry in self.register.entries:
            if cleaned.get(f"note_{entry.key}") and not cleaned.get(f"state_{entry.key}"):
                self.add_error(f"state_{entry.key}", f"Select a mark for {entry.name}, or take the note out")
        return cleaned

    def marks(self) -> list[NewMark]:
        """What was changed on this page, of people on the register and of those who left it meanwhile."""
        keys = {name.removeprefix("state_") for name in self.data if name.startswith("state_")}
        return marks_of(self.data, sorted(keys))

    def companions(self) -> list[NewCompanionMark]:
        """The same of who comes along with them."""
        found = []
        for name in sorted(self.data):
            key = name.removeprefix("companion_")
            booking, said = _number(key, "b"), str(self.data[name])
            changed = said in COMPANION and said != self.data.get(f"had_{key}", "")
            if key != name and booking and changed:
                found.append(NewCompanionMark(_id(self.data.get(f"id_c{key}")), booking, said == CAME))
        return found


class RestForm(forms.Form):
    """One mark for everybody who had none when the page was drawn."""

    state = forms.RadiosField(label="How should they be marked?", missing="Select a mark", options=OPTIONS)

    def marks(self) -> list[NewMark]:
        keys = sorted(name.removeprefix("id_") for name in self.data if name.startswith("id_"))
        sent = {f"id_{key}": self.data[f"id_{key}"] for key in keys}
        return marks_of({**sent, **{f"state_{key}": self.cleaned_data["state"] for key in keys}}, keys)


def marks_of(sent: Mapping[str, Any], keys: Iterable[str]) -> list[NewMark]:
    """The marks in what was sent, without those that say what the page already said."""
    now = timezone.now()
    found = []
    for key in keys:
        state, was = str(sent.get(f"state_{key}", "")), str(sent.get(f"was_{key}", ""))
        note = _touched(str(sent.get(f"note_{key}", "")).strip(), str(sent.get(f"said_{key}", "")))
        booking, guest = _number(key, "b"), _number(key, "g")
        if (state == was and note is None) or state not in AttendanceState.values or not (booking or guest):
            continue
        knew = was if state == was else None  # the note alone is new: whatever mark counts by now stays
        found.append(NewMark(_id(sent.get(f"id_{key}")), AttendanceState(state), now, booking, guest, note, knew))
    return found


def _touched(note: str, said: str) -> str | None:
    """None for a note that stands as the page was drawn: it may have been changed elsewhere since."""
    return None if note == said else note


def _number(key: str, letter: str) -> int | None:
    digits = key[1:]
    return int(digits) if key[:1] == letter and digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _id(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        return uuid4()  # a page without its ids still counts; only repeating it is no longer harmless
