"""Sending a report about a class: what went wrong, a worry about exercise, a safeguarding concern.

Here: the three forms, the same for whoever leads a class and for the desk, and what each sends. Not here: which
class or person somebody may open (the views), any rule (classes/incidents.py, classes/safeguarding.py,
participants/refer_back.py). Each form carries an id, so that sending it twice adds nothing; whatever is refused,
everything that was typed stays.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, Programme
from accounts.permissions import Permission
from accounts.staff import holders_of
from classes import teaching
from classes.incident_rules import Harm, IncidentKind
from classes.incidents import LONGEST_WORDS, BadReport, NewIncident, NotThisPerson, report_incident
from classes.judging.refusals import IdUsed
from classes.models import Concern, Incident, Session
from classes.safeguarding import raise_concern, somebody_was_told
from frontend import forms
from frontend.incident_words import HARMS, KINDS
from frontend.safety_check import as_uuid
from frontend.wording import today
from participants import refer_back as referring
from participants.models import Participant, ReferBack
from participants.refusals import NotPossibleNow

PROBLEMS = {  # field, and what to do
    "near_miss_with_harm": ("harm", "A near miss did no harm. Select “No harm”, or another kind above"),
    "not_yet": ("time", "That moment has not come yet. Check the day and the time"),
    "before_the_class": ("time", "That is long before this class. Check the day and the time"),
    "no_words": ("what_happened", "Write what happened"),
    "too_many_words": ("what_happened", "Write less, and add the rest to the report later"),
}
UNTOLD = "untold"
SENT_BEFORE = "This was sent before in other words, and that report stands. Open this page again to send another."


class IncidentForm(forms.Form):
    id = forms.HiddenField(required=False)
    kind = forms.RadiosField(
        label="What was it?",
        missing="Select what it was",
        options=[forms.Choice(kind.value, words, hint) for kind, (words, hint) in KINDS.items()],
    )
    who = forms.SelectField(label="Who is it about?", empty="Nobody in particular", required=False)
    harm = forms.RadiosField(
        label="How much harm did it do?",
        missing="Select how much harm it did",
        options=[forms.Choice(harm.value, words, hint) for harm, (words, hint) in HARMS.items()],
    )
    called_999 = forms.YesNoField(label="Was 999 called?", missing="Select whether 999 was called", inline=True)
    what_happened = forms.LongTextField(
        label="What happened?",
        hint="In plain words: what you saw and heard.",
        missing="Write what happened",
        rows=4,
        max_length=LONGEST_WORDS,
    )
    what_was_done = forms.LongTextField(
        label="What was done?", required=False, rows=3, max_length=LONGEST_WORDS, called="what was done"
    )
    on = forms.DateField(label="On which day?", called="the day", latest=today)
    time = forms.TimeField(label="At about what time?", called="the time")

    def __init__(self, data: Any, session: Session) -> None:
        now = timezone.now()
        at = timezone.localtime(max(min(now, session.ends_at), min(now, session.starts_at)))
        super().__init__(data, initial={"id": uuid.uuid4(), "on": at.date(), "time": at.time()})
        who = self.fields["who"]
        who.marks_optional = False  # type: ignore[attr-defined]
        who.offer(lines_of(session))  # type: ignore[attr-defined]

    def report(self) -> NewIncident:
        said = self.cleaned_data
        letter, number = said["who"][:1], int(said["who"][1:] or 0)
        return NewIncident(
            id=as_uuid(said["id"]),
            kind=IncidentKind(said["kind"]),
            harm=Harm(said["harm"]),
            happened_at=timezone.make_aware(datetime.combine(said["on"], said["time"])),
            what_happened=said["what_happened"],
            what_was_done=said["what_was_done"],
            called_999=said["called_999"],
            booking_id=number if letter == "b" else None,
            guest_id=number if letter == "g" else None,
        )


def lines_of(session: Session) -> list[tuple[str, str]]:
    """Whom a report of this class may be about."""
    return [(line, teaching.name_of(place)) for line, place in teaching.places_in(session).items()]


def send_incident(form: IncidentForm, session: Session, by: Person) -> Incident | None:
    """None when it was refused; why is then an error of the form."""
    try:
        return report_incident(session=session, report=form.report(), by=by)
    except BadReport as wrong:
        form.add_error(*PROBLEMS[wrong.problem])
    except NotThisPerson:
        form.add_error("who", "This person has no place in the class any more. Choose again")
    except IdUsed:
        form.add_error(None, SENT_BEFORE)
    return None


class AddForm(forms.Form):
    """More about a report that was sent."""

    id = forms.HiddenField(required=False)
    words = forms.LongTextField(
        label="What do you want to add?",
        hint="What was sent stays as it is. This is kept below it, with your name and the time.",
        missing="Write what you want to add",
        rows=3,
        max_length=LONGEST_WORDS,
    )


class WorryForm(forms.Form):
    id = forms.HiddenField(required=False)
    why = forms.LongTextField(
        label="What worries you?",
        hint="What you saw, and since when. Only the clinical team reads it.",
        missing="Write what worries you",
        rows=4,
        max_length=referring.LONGEST_WHY,
    )


class WorryInClassForm(WorryForm):
    who = forms.SelectField(label="Whom are you worried about?", missing="Select whom you are worried about")
    field_order = ("id", "who", "why")

    def __init__(self, data: Any, session: Session, initial: dict[str, Any], own: Person) -> None:
        super().__init__(data, initial=initial)
        self.known = {
            line: place.participant
            for line, place in teaching.places_in(session).items()
            if place.participant is not None and place.participant.person_id != own.pk
        }
        offered = [(line, participant.person.full_name) for line, participant in self.known.items()]
        self.fields["who"].offer(offered)  # type: ignore[attr-defined]


def send_worry(form: WorryForm, participant: Participant, by: Person) -> ReferBack | None:
    """None when it was refused; why is then an error of the form."""
    said = form.cleaned_data
    try:
        return referring.refer_back(participant=participant, why=said["why"], id=as_uuid(said["id"]), by=by)
    except referring.OtherWords:
        form.add_error(None, SENT_BEFORE)
    except NotPossibleNow:
        form.add_error(None, f"{participant.person.first_name} does not take part any more. Nothing was sent.")
    return None


class ConcernForm(forms.Form):
    id = forms.HiddenField(required=False)
    who = forms.SelectField(label="Whom do you want to protect?", empty="I do not know", required=False)
    in_danger = forms.YesNoField(
        label="Is somebody in danger today?", missing="Select whether somebody is in danger today", inline=True
    )
    words = forms.LongTextField(
        label="What worries you?",
        hint="What you saw or heard, in their words where you can. You do not need proof.",
        missing="Write what worries you",
        rows=5,
        max_length=LONGEST_WORDS,
    )
    names = forms.CheckboxesField(
        label="Is it about one of these people?",
        hint="Whoever you tick is not told of it, and cannot read it, whatever their role.",
        required=False,
    )

    def __init__(self, data: Any, people: Iterable[tuple[str, str]], named: Iterable[Person]) -> None:
        """`people`: who may be protected; empty where the page is about one person. `named`: whom it may be about."""
        super().__init__(data, initial={"id": uuid.uuid4()})
        for field in ("who", "names"):
            self.fields[field].marks_optional = False  # type: ignore[attr-defined]
        if people := list(people):
            self.fields["who"].offer(people)  # type: ignore[attr-defined]
        else:
            del self.fields["who"]
        offered = {str(person.pk): person.full_name for person in named}
        self.fields["names"].offer(sorted(offered.items(), key=lambda one: (one[1], one[0])))  # type: ignore[attr-defined]
        if not offered:
            del self.fields["names"]


def send_concern(
    form: ConcernForm,
    programme: Programme,
    participant: Participant | None,
    session: Session | None,
    by: Person,
    guest: str = "",
) -> Concern | None:
    """None when it was refused; why is then an error of the form. `guest`: the name alone that was chosen, which
    stands in front of the words, for there is nobody on record to point to."""
    said = form.cleaned_data
    try:
        return raise_concern(
            programme=programme,
            participant=participant,
            session=session,
            words=f"About: {guest}, who came without booking.\n{said['words']}" if guest else said["words"],
            in_danger=said["in_danger"],
            names=forms.keys_in(said.get("names", [])),
            id=as_uuid(said["id"]),
            by=by,
        )
    except IdUsed:
        form.add_error(None, SENT_BEFORE)
    except BadReport:  # with the name of a guest it has become too long
        form.add_error("words", "Write less, and send the rest as another concern")
    return None


def may_be_named(programme: Programme, by: Person, *others: Iterable[Person]) -> list[Person]:
    """Whoever reads concerns, and `others`; not whoever writes."""
    people = [*holders_of(Permission.READ_SAFEGUARDING, programme), *(person for some in others for person in some)]
    return [person for person in people if person.pk != by.pk]


def receipt_of(concern: Concern, address: str) -> HttpResponse:
    """On to the page of what happens next. That page looks nothing up, so its address says that nobody was told."""
    there = reverse(address, args=[concern.reference])
    return redirect(there if somebody_was_told(concern) else f"{there}?{UNTOLD}=1")


def receipt(request: HttpRequest, sent_as: str, home: str) -> HttpResponse:
    """What happens next. It looks nothing up: whoever sent it cannot read it, nor see whether there is one."""
    if not is_reference(sent_as):
        raise Http404
    context = {"reference": sent_as, "home": home, "untold": UNTOLD in request.GET}
    return render(request, "frontend/concern/sent.html", context)


def is_reference(sent: str) -> bool:
    return re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", sent) is not None
