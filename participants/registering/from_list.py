"""The people who have come so far, brought in from a list: each becomes a registration that was begun.

Here: what one row means, and who is there already. Not here: reading the file and
bringing it in (accounts/lists/), finishing a registration (intake.py, by telephone
at the desk). Nobody is cleared, signed in, enrolled or written to by a list, and what
it says of somebody who is never asked is forgotten like any unfinished registration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from localflavor.gb.forms import GBPostcodeField

from accounts.history import Actor
from accounts.lists.bringing import Found, Report, bring_list
from accounts.lists.cells import Wrong, day, words
from accounts.lists.rows import Line, Reading
from accounts.lists.sheets import Columns, Row
from accounts.models import BroughtList, Person, Programme
from participants.finding import born_on
from participants.models import Participant, Registration, Source
from participants.registering.intake import start_registration
from participants.rules.admission import age_on
from participants.rules.application import CONTACT_FIELDS
from participants.rules.said import folded

PEOPLE = "people"
COLUMNS = Columns(
    needed=("given_name", "family_name", "date_of_birth"),
    optional=("known_as", "email", "mobile", "phone", "address", "preferred", "postcode"),
)
LONGEST_NAME, LONGEST_ADDRESS, OLDEST = 100, 300, date(1900, 1, 1)

# Codes of faults that only this list knows.
NOT_AN_EMAIL, NOT_A_PHONE, NOT_A_POSTCODE = "not_an_email", "not_a_phone", "not_a_postcode"
NO_WAY, NOT_ONE_OF_THE_WAYS = "no_way_to_reach", "not_one_of_the_ways"
TOO_YOUNG, NOT_BORN_THEN = "too_young", "not_born_then"


@dataclass(frozen=True)
class Known:
    """Somebody of the programme, or a registration that was begun."""

    names: frozenset[str]  # every way in which they may be written
    born: str  # as a draft keeps it
    reference: str


def bring_people(*, programme: Programme, content: bytes, for_real: bool, by: Actor) -> Report:
    """Look at a list of people, or bring it in: whole or not at all. Raises Unreadable."""
    there: list[Known] | None = None

    def each(row: Row, brought_by: BroughtList) -> Found:
        nonlocal there
        answers, line = read_person(row, programme)
        there = list(_begun(programme)) if there is None else there
        names = _names(answers["given_name"], answers.get("known_as", ""), answers["family_name"])
        if same := _same(names, answers["born"], [*there, *_taking_part(programme, answers["born"])]):
            return Found(replace(line, reference=same.reference), known=True)
        draft = start_registration(programme=programme, source=Source.DESK, by=by if isinstance(by, Person) else None)
        draft.brought_by, draft.answers = brought_by, answers
        draft.save(update_fields=["brought_by", "answers", "changed_at"])
        there.append(Known(names, answers["born"], draft.reference))
        return Found(replace(line, reference=draft.reference))

    return bring_list(
        kind=PEOPLE, programme=programme, content=content, columns=COLUMNS, each=each, for_real=for_real,
        forgets=True, by=by,
    )  # fmt: skip


def read_person(row: Row, programme: Programme) -> tuple[dict[str, Any], Line]:
    """The answers that the first pages of registering would have kept. Raises Faulty."""
    reading = Reading(row)
    answers: dict[str, Any] = {name: _name(reading, name) for name in ("given_name", "family_name")}
    answers["known_as"] = _name(reading, "known_as", needed=False)
    born = _born(reading, programme)
    answers["email"] = _checked(reading, "email", _email, NOT_AN_EMAIL)
    answers |= {name: _checked(reading, name, _phone, NOT_A_PHONE) for name in ("mobile", "phone")}
    answers["address"] = (reading.take("address", words, needed=False) or "")[:LONGEST_ADDRESS]
    answers["postcode"] = _checked(reading, "postcode", _postcode, NOT_A_POSTCODE)
    answers["preferred"] = _preferred(reading, answers)
    reading.stop_if_faulty()
    said = {name: value for name, value in answers.items() if value} | {"born": f"{born}"}
    return said, Line(row.number, f"{answers['given_name']} {answers['family_name']}", born)


def _name(reading: Reading, column: str, *, needed: bool = True) -> str:
    name = " ".join((reading.take(column, words, needed=needed) or "").split())
    if len(name) > LONGEST_NAME:
        reading.wrong(column, Wrong.TOO_LONG)
    return name


def _born(reading: Reading, programme: Programme) -> date | None:
    born = reading.take("date_of_birth", day)
    today = timezone.localdate()
    if born and not OLDEST <= born <= today:
        reading.wrong("date_of_birth", NOT_BORN_THEN)
    elif born and age_on(born, today) < programme.minimum_age:
        reading.wrong("date_of_birth", TOO_YOUNG, str(programme.minimum_age))
    return born


def _checked(reading: Reading, column: str, check: Callable[[str], str], code: str) -> str:
    said = reading.take(column, words, needed=False) or ""
    try:
        return check(said) if said else ""
    except (ValidationError, phonenumbers.NumberParseException):
        reading.wrong(column, code, said)
        return ""


def _email(said: str) -> str:
    validate_email(said)
    return said


def _phone(said: str) -> str:
    number = phonenumbers.parse(said, "GB")
    if number.extension or not phonenumbers.is_possible_number(number):
        raise ValidationError("no telephone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _postcode(said: str) -> str:
    return str(GBPostcodeField().clean(said))


def _preferred(reading: Reading, answers: dict[str, Any]) -> str:
    """The way somebody likes best, of those that are given; the only one there is needs no word."""
    given = [channel for channel, name in CONTACT_FIELDS.items() if answers[name]]
    wanted = (reading.take("preferred", words, needed=False) or "").lower()
    if not given and not reading.faults:
        reading.wrong("", NO_WAY)
    if wanted and wanted not in given:
        reading.wrong("preferred", NOT_ONE_OF_THE_WAYS, wanted)
    return wanted


@dataclass(frozen=True)
class Asked:
    """Somebody of a list, and whether the desk has registered them since; an unfinished one may be forgotten by now."""

    name: str
    reference: str
    participant: Participant | None


def people_of(brought: BroughtList) -> list[Asked]:
    """Whom the caller's list has brought in and who has not been forgotten, by name."""
    drafts = Registration.objects.filter(brought_by=brought).select_related("participant__person")
    return sorted((_asked(draft) for draft in drafts), key=lambda one: one.name.casefold())


def _asked(draft: Registration) -> Asked:
    if draft.participant is not None:
        return Asked(draft.participant.person.full_name, draft.reference, draft.participant)
    return Asked(f"{draft.answers['given_name']} {draft.answers['family_name']}", draft.reference, None)


# --- who is there already ----------------------------------------------------


def _names(given: str, known_as: str, family: str) -> frozenset[str]:
    return frozenset(folded(f"{first} {family}") for first in (given, known_as) if first)


def _same(names: frozenset[str], born: str, there: Iterable[Known]) -> Known | None:
    return next((known for known in there if known.born == born and known.names & names), None)


def _taking_part(programme: Programme, born: str) -> Iterator[Known]:
    for one in born_on(programme, date.fromisoformat(born)):
        person = one.person
        yield Known(_names(person.given_name, person.known_as, person.family_name), born, one.reference)


def _begun(programme: Programme) -> Iterator[Known]:
    """Their answers are unreadable in the database: so read once, and compared here."""
    for draft in Registration.objects.unfinished().filter(programme=programme):
        said = {name: str(draft.answers.get(name) or "") for name in ("given_name", "known_as", "family_name")}
        yield Known(_names(*said.values()), draft.answers.get("born"), draft.reference)
