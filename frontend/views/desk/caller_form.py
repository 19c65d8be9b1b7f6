"""The question who is on the line, and what a page says about the answer.

Here: the form that stands on the page of a person and of a task, and the words
around it. Not here: the addresses it is sent to (calling.py), which facts there
are (participants/callers.py), what may then be said (frontend/on_the_phone.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from accounts.models import Person
from frontend import forms
from frontend.on_the_phone import Line, line_about
from frontend.views.me.wording import SCOPE_WORDS
from frontend.wording import joined, plain_date, telephone
from messaging.calls import DIALLED
from messaging.models import Call, Caller, Task
from participants import callers
from participants.callers import Fact
from participants.models import Participant, Supporter, SupporterScope

HELPER = "helper-"  # and the key of the supporter
ASKED = {
    Fact.BORN: "Date of birth",
    Fact.POSTCODE: "Postcode",
    Fact.PHONE: "Phone number",
    Fact.EMAIL: "Email address",
    Fact.ADDRESS: "Address",
    Fact.EMERGENCY: "Whom to call in an emergency",
    Fact.REFERENCE: "Reference",
}
FACT_WORDS = {**{fact.value: words.lower() for fact, words in ASKED.items()}, DIALLED: "the number that was called"}


class CallerForm(forms.Form):
    """`task`: the desk has called them, so that the number is known and one more thing is enough."""

    who = forms.RadiosField(label="Who is on the line?", missing="Select who is on the line")
    right = forms.CheckboxesField(label="What did they say right?", required=False)

    def __init__(self, data: Any, participant: Participant, *, task: Task | None = None) -> None:
        super().__init__(data, auto_id="caller_%s")
        self.participant, self.called = participant, task is not None
        self.helpers = callers.helpers_now(participant)
        self.fields["who"].offer(self._people())  # type: ignore[attr-defined]
        right = self.fields["right"]
        right.marks_optional = False  # type: ignore[attr-defined]
        right.hint = self._how_many()  # type: ignore[attr-defined]
        right.offer(self._facts())  # type: ignore[attr-defined]

    def _people(self) -> list[forms.Choice]:
        person = self.participant.person
        helpers = [forms.Choice(f"{HELPER}{row.pk}", *_helper_words(row)) for row in self.helpers]
        return [forms.Choice("self", person.full_name), *helpers, forms.Choice("other", "Somebody else")]

    def _how_many(self) -> str:
        enough = "You called a number on record, so one is enough." if self.called else "Two are enough."
        return f"Ask, and let them say it. Never read an answer out. {enough}"

    def _facts(self) -> list[forms.Choice]:
        held = callers.facts_on_record(self.participant)
        return [
            forms.Choice(fact.value, f"{ASKED[fact]}: {joined(map(_shown, values), 'or')}")
            for fact, values in held.items()
            if not (self.called and fact == Fact.PHONE)
        ]

    def keep(self, *, task: Task | None, by: Person) -> Call:
        """Raises NoLongerHelps."""
        who = self.cleaned_data["who"]
        helper = next((row.person for row in self.helpers if who == f"{HELPER}{row.pk}"), None)
        caller = Caller.HELPER if helper else Caller(who)
        return callers.note_caller(
            participant=self.participant,
            caller=caller,
            checked=self.cleaned_data["right"],
            helper=helper,
            task=task,
            by=by,
        )


def line_context(request: HttpRequest, participant: Participant, task: Task | None = None) -> dict[str, Any]:
    """What the page of a person or of a task shows about the caller."""
    line = line_about(request, participant)
    asks = None if line.person or line.helps else CallerForm(None, participant, task=task)
    return {"line": line, "asks": asks, **_said_about(line)}


def _said_about(line: Line) -> dict[str, Any]:
    if line.call is None:
        return {}
    return {
        "known_by": joined(FACT_WORDS.get(fact, fact) for fact in line.call.checked),
        "may_do": [SCOPE_WORDS[scope] for scope in line.scopes],
    }


def _helper_words(row: Supporter) -> tuple[str, str]:
    name = row.person.full_name if row.person else row.invited_name
    may = joined(SCOPE_WORDS[SupporterScope(scope)] for scope in row.scopes)
    return f"{name}, {row.relationship}", f"May {may}." if may else ""


def _shown(value: str) -> str:
    """As it is compared: a date in words, a number as people write it, an address on one line."""
    if value.startswith("+"):
        return telephone(value)
    try:
        return plain_date(date.fromisoformat(value))
    except ValueError:
        return ", ".join(line.strip() for line in value.splitlines())
