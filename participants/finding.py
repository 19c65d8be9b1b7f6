"""Finding a person at the desk by what a caller says: part of a name, a date of birth, a phone number, a postcode.

Here: the search, always inside the programmes of the one who searches. Not here:
telling apart what was said (said.py), telling duplicates apart. Called by desk/people.py, from_list.py and, of
somebody who came to a class without being listed, by classes/register/walk_ins.py.
"""

from __future__ import annotations

from datetime import date
from functools import reduce

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Concat, Lower, Replace

from accounts.models import Channel, ContactPoint, Person, Programme
from participants import access
from participants.models.participant import Participant, ParticipantQuerySet
from participants.rules.said import LEFT_OUT, WRITTEN_ALIKE, NoSuchDate, Said, folded, read

MOST = 50
WHOLE_NUMBER = 9  # so many figures a telephone number has at least, without country and nought
_RINGS = (Channel.PHONE, Channel.TEXT)


def find_people(user: object, said: Said) -> ParticipantQuerySet:
    """Participants whom everything that was said fits; nobody when nothing was. By name, at most `MOST`."""
    found = access.at_desk_of(user)
    if not said:
        return found.none()
    return _all_of(found, said).order_by("person__family_name", "person__given_name", "pk")[:MOST]


def born_on(programme: Programme, day: date) -> ParticipantQuerySet:
    """Everybody of one programme who was born on `day`: among them whoever a list names is looked for."""
    return Participant.objects.filter(programme=programme, person__date_of_birth=day).select_related("person")


def of_same_name_and_birth(programme: Programme, name: str, born: date) -> list[Participant]:
    """Who takes part already under this whole name and date of birth: for staff alone, to ask the person."""
    return [one for one in born_on(programme, born) if is_called(one.person, name)]


def known_under(programme: Programme, name: str, phone: str, today: date) -> list[Participant]:
    """Who is known under this whole name and this whole number; nobody where either is left out or only a part."""
    said = _name_and_number(name, phone, today)
    if len(said.phone) < WHOLE_NUMBER:
        return []
    at_number = _all_of(Participant.objects.filter(programme=programme), Said(phone=said.phone))
    return [one for one in at_number.select_related("person") if is_called(one.person, name)]


def is_called(person: Person, name: str) -> bool:
    """Whether `name` is the whole of theirs: what they are called or their given name, then the family name."""
    whole = _words(name)
    return any(
        whole == _words(f"{first} {person.family_name}") for first in (person.given_name, person.known_as) if first
    )


def _words(name: str) -> list[str]:
    return [part for part in map(folded, name.split()) if part]


def might_be(programme: Programme, name: str, phone: str, today: date) -> ParticipantQuerySet:
    """Who is known under the name or the number, whichever was given: for somebody to choose from. By name."""
    said = _name_and_number(name, phone, today)
    own = Participant.objects.filter(programme=programme)
    either = Q(pk__in=[])
    for part in (Said(names=said.names), Said(phone=said.phone)):
        if part:
            either |= Q(pk__in=_all_of(own, part).values("pk"))
    return (
        own.filter(either).select_related("person").order_by("person__family_name", "person__given_name", "pk")[:MOST]
    )


def _name_and_number(name: str, phone: str, today: date) -> Said:
    names = tuple(_words(name))
    try:
        return Said(names=names, phone=read(phone, today=today).phone)
    except NoSuchDate:  # figures that look like a day, and are no number either
        return Said(names=names)


def _all_of(found: ParticipantQuerySet, said: Said) -> ParticipantQuerySet:
    if said.names:
        found = found.alias(names=_folded_names())
    for wanted in _wanted(said):
        found = found.filter(wanted)
    return found


def _wanted(said: Said) -> list[Q | Exists]:
    """One condition for each thing that was said."""
    wanted: list[Q | Exists] = [Q(names__contains=name) for name in said.names]
    if said.born:
        wanted.append(Q(person__date_of_birth=said.born))
    if said.year:
        wanted.append(Q(person__date_of_birth__year=said.year))
    if said.phone:
        wanted.append(_reached_at(Q(channel__in=_RINGS, value__contains=said.phone)))
    if said.email:
        wanted.append(_reached_at(Q(channel=Channel.EMAIL, value__iexact=said.email)))
    if said.postcode:
        wanted.append(_in_postcode(said.postcode))
    wanted += [Q(pk__in=_with_reference(reference)) for reference in said.references]
    return wanted + [Q(pk__in=_with_reference(code)) | _in_postcode(code) for code in said.codes]


def _reached_at(point: Q) -> Exists:
    return Exists(ContactPoint.objects.filter(point, person=OuterRef("person"), ended_at=None))


def _in_postcode(code: str) -> Q:
    """The whole of it, or its first half; as noted for the area, or at the end of a postal address."""
    first, _, last = code.partition(" ")
    noted = Q(postcode=code) if last else Q(postcode__startswith=f"{code} ")
    second_half = last or r"\d[A-Z]{2}"
    written = rf"\m{first}\s?{second_half}\M"
    letters = ContactPoint.objects.filter(channel=Channel.POST, ended_at=None, value__iregex=written)
    return noted | Q(person__in=letters.values("person"))


def _with_reference(part: str) -> ParticipantQuerySet:
    """Capitals without hyphens; a whole reference, or a part of one that was read out."""
    from_here = Participant.objects.alias(bare=Replace("reference", Value("-"), Value("")))
    return from_here.filter(bare__contains=part).values("pk")  # type: ignore[return-value]


def _folded_names() -> Func:
    """Every name of a person as `said.folded` writes it, in PostgreSQL's own functions: no extension is needed."""
    names = Concat(
        F("person__given_name"), Value(" "), F("person__family_name"), Value(" "), F("person__known_as"),
        output_field=CharField(),
    )  # fmt: skip
    bare = Func(names, template="regexp_replace(normalize(%(expressions)s, NFD), '[\u0300-\u036f]', '', 'g')")
    written = [(w, alike) for small, alike in WRITTEN_ALIKE.items() for w in {small, small.upper()} if not w.isascii()]
    alike: Func = reduce(lambda so_far, pair: Replace(so_far, Value(pair[0]), Value(pair[1])), written, bare)
    return Lower(Func(alike, Value(LEFT_OUT), Value(""), function="translate", output_field=CharField()))
