"""The form in which an extract for research is asked for, and how it becomes a specification and back.

Called by the desk's pages. Not here: what is wrong with one (outcomes/extracts/specification.py says, extract_words.py
has the words).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import Programme
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.extract_words import TABLES, fact_words, fault_words
from outcomes.extracts.fields import BY_KEY, QUASI
from outcomes.extracts.specification import Fault, NamedUser, Specification
from outcomes.extracts.widening import USUAL_ORDER

_LINE = re.compile(r"(?P<name>.*\S)\s*,\s*(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})")
NOT_A_LINE = "Enter a name, a comma and a day, like Robin Reader, 3/5/2026: {}"
SAFE = "This is the usual answer."
NAMED = {fact_words(name).casefold(): name for name in QUASI}  # facts that are made less exact, by their words


def _choices(table: str) -> list[tuple[str, str]]:
    return [(key, one.label) for key, one in BY_KEY.items() if one.table == table]


class _Facts(forms.CheckboxesField):
    """Facts of one table; of most tables none is wanted."""

    marks_optional = False

    def __init__(self, **rest: Any) -> None:
        super().__init__(required=False, **rest)


class ExtractForm(AboutProgramme):
    """What a project is to get. The fields of each table are offered from the closed list."""

    ABOUT = (
        *("programme", "title", "purpose", "agreement", "assessment", "recipient", "users", "public_key"),
        *("expires_on", "secure"),
    )

    programme = forms.RadiosField(label="Programme", missing="Select the programme")
    title = forms.TextField(label="Name of the project", called="the name of the project")
    purpose = forms.LongTextField(
        label="What it is for", hint="In plain words: people who are in it read this.", called="what it is for"
    )
    agreement = forms.TextField(
        label="Data-sharing agreement", hint="Its reference.", called="the reference of the agreement"
    )
    assessment = forms.TextField(
        label="Data protection impact assessment", hint="Its reference.", called="the reference of the assessment"
    )
    recipient = forms.TextField(label="Organisation that gets it", called="the organisation")
    users = forms.LongTextField(
        label="Who may open it",
        hint="One person to a line, with the day of their last training: Robin Reader, 3/5/2026",
        called="who may open it",
        max_length=4000,
    )
    public_key = forms.LongTextField(
        label="Public key of the recipient",
        hint="They make it with the program “age”. It begins with age1.",
        called="the public key",
        rows=2,
    )
    expires_on = forms.DateField(label="Last day on which they may keep it", called="the last day")
    secure = forms.YesNoField(
        label="Is it opened in a secure data environment alone?",
        missing="Select yes if it is opened in a secure data environment alone",
    )
    k = forms.NumberField(
        label="Least number of people who look alike",
        hint="5 or more; 10 or more for a secure data environment.",
        called="the least number",
        min_value=1,
        max_value=1000,
    )
    cancer_is_known = forms.RadiosField(
        label="Could somebody who knows a person know their kind of cancer?",
        missing="Select whether somebody could know their kind of cancer",
        options=(
            forms.Choice("yes", "Yes", SAFE),
            forms.Choice("no", "No", "Then each group must have several kinds.", reveals=("l",)),
        ),
    )
    l = forms.NumberField(label="Least number of kinds in a group", called="the least number", min_value=1)  # noqa: E741  l of l-diversity
    drop_at_most = forms.NumberField(
        label="How many in 100 people may be left out before facts are made less exact",
        hint="Usually 5.",
        called="how many in 100 may be left out",
        max_value=100,
    )
    order = forms.LongTextField(
        label="In which order facts are made less exact",
        hint="One fact to a line, in the words used above. Each time that a fact stands here, it is made less exact by "
        "one more step. Leave it as it is if you are not sure.",
        called="the order in which facts are made less exact",
        rows=10,
    )

    def __init__(self, programmes: Iterable[Programme], *sent: Any, **rest: Any) -> None:
        super().__init__(programmes, *sent, **rest)
        facts = {f"of_{table}": _Facts(label=words, options=_choices(table)) for table, words in TABLES.items()}
        self.fields |= facts
        self.order_fields([*self.ABOUT, *facts])

    def clean_users(self) -> tuple[NamedUser, ...]:
        lines = [line.strip() for line in self.cleaned_data["users"].splitlines() if line.strip()]
        read = [(line, _user(line)) for line in lines]
        wrong = [line for line, user in read if user is None]
        if wrong:
            self.add_error("users", NOT_A_LINE.format(wrong[0]))
        return tuple(user for _, user in read if user is not None)

    def clean_order(self) -> tuple[str, ...]:
        """Names of fields; a line that is none is kept, so that the rules can say which."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["order"].splitlines())
        return tuple(NAMED.get(line.casefold(), line) for line in lines if line)

    @property
    def wanted(self) -> Specification:
        """Of a form that is valid in itself."""
        said = self.cleaned_data
        texts = {name: said[name] for name in ("title", "purpose", "agreement", "assessment", "recipient")}
        return Specification(
            **texts,
            users=said["users"],
            fields=tuple(key for table in TABLES for key in said[f"of_{table}"]),
            k=said["k"],
            order=said["order"],
            public_key="".join(said["public_key"].split()),
            expires_on=said["expires_on"],
            secure=said["secure"],
            cancer_is_known=said["cancer_is_known"] == "yes",
            l=said["l"] or 2,
            drop_at_most=said["drop_at_most"],
        )

    def show_faults(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.add_error("of_person" if fault.part == "fields" else fault.part, fault_words(fault))


def new_form() -> dict[str, Any]:
    """What stands in an empty form."""
    return {"k": 5, "l": 2, "drop_at_most": 5, "cancer_is_known": "yes", "order": _lines(USUAL_ORDER)}


def filled_in(wanted: Specification) -> dict[str, Any]:
    """A form that says what `wanted` says."""
    same = ("title", "purpose", "agreement", "assessment", "recipient", "public_key", "expires_on", "secure", "k", "l")
    return {
        **{name: getattr(wanted, name) for name in (*same, "drop_at_most")},
        "users": "\n".join(f"{one.name}, {one.trained_on:%d/%m/%Y}" for one in wanted.users),
        "order": _lines(wanted.order),
        "cancer_is_known": "yes" if wanted.cancer_is_known else "no",
        **{f"of_{table}": [key for key in wanted.fields if BY_KEY[key].table == table] for table in TABLES},
    }


def _lines(order: Iterable[str]) -> str:
    return "\n".join(map(fact_words, order))


def _user(line: str) -> NamedUser | None:
    found = _LINE.fullmatch(line)
    try:
        return found and NamedUser(found["name"], date(int(found["year"]), int(found["month"]), int(found["day"])))
    except ValueError:
        return None
