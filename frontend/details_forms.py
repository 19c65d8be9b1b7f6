"""What somebody keeps up to date about themselves: the forms and what each does, for their own pages and the desk.

Here: what they are called, how to reach them, where they live, their NHS number, when to remind them and by which
way, whom to call in an emergency, leaving.
Not here: the pages (views/me/details.py, views/desk/details.py, views/desk/leaving.py),
the changes themselves (participants/details.py, emergency.py, life.py, messaging/choices.py),
consents (agreeing.py). At the desk the same questions are read aloud.
"""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from accounts.models import Channel, Person, Programme
from classes.judging.refusals import TryAgain
from frontend import forms
from frontend.break_form import BUSY
from frontend.views.public.join_forms import ELSEWHERE, ContactForm, EmergencyForm, HomeForm, NhsNumberForm
from frontend.wording import plain_date, sentence
from messaging import choices
from messaging.models import Matter, Topic
from participants import details, emergency, nhs_numbers
from participants.models import Participant
from participants.taking_part import life

BY_WAY = "by_way_"  # in the name of a field, before the matter that it asks about
LIKED_BEST = "liked_best"


class NameForm(forms.Form):
    known_as = forms.TextField(
        label="What should we call you?",
        hint="Leave it blank if we should use your first name.",
        called="the name",
        max_length=100,
        required=False,
        page_heading=True,
    )


class ReachForm(ContactForm):
    """The page of registering, with the preferred way on the same page."""

    email = forms.EmailField(
        label="Your email address",
        called="your email address",
        hint="We write to this address, and tell the one it replaces. It does not change the address you sign in with.",
    )
    preferred = forms.SelectField(
        label="The way you like best",
        called="the way you like best",
        empty="",
        options=(("email", "Email"), ("text", "Text message (SMS)"), ("phone", "Phone call"), ("post", "Letter")),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("ways") and cleaned.get("preferred") and cleaned["preferred"] not in cleaned["ways"]:
            self.add_error("preferred", "Choose a way that you have selected above")
        return cleaned


class RemindersForm(forms.Form):
    """What a person may do without. Nothing ticked is an answer too."""

    topics = forms.CheckboxesField(
        label="When should we remind you?",
        hint="Leave a box empty for no reminder. When a class is changed or called off, we always tell you.",
        called="when we remind you",
        required=False,
        options=[(topic.value, sentence(topic.label)) for topic in Topic],
        page_heading=True,
    )

    @classmethod
    def by_which_way(cls, sent: QueryDict | None, person: Person) -> RemindersForm:
        """With a question for each matter, where there is more than one way to choose from."""
        chosen = choices.choices_of(person)
        ways = [Channel(point.channel) for point in details.contact_points_of(person)]
        kept = {BY_WAY + matter: chosen.ways.get(matter, LIKED_BEST) for matter in Matter}
        form = cls(sent, initial={"topics": chosen.topics, **kept})
        for matter in Matter if len(ways) > 1 else ():
            form.fields[BY_WAY + matter] = forms.SelectField(
                label=f"How should we tell you about {matter.label}?",
                called=f"how we tell you about {matter.label}",
                empty="",
                options=[
                    (LIKED_BEST, f"The way you like best ({ways[0].label})"),
                    *((way.value, sentence(way.label)) for way in ways[1:]),
                ],
            )
        return form

    def ways(self) -> dict[Matter, str]:
        """Matter → channel, for those that were given another than the one liked best."""
        said = {matter: self.cleaned_data.get(BY_WAY + matter, LIKED_BEST) for matter in Matter}
        return {matter: way for matter, way in said.items() if way != LIKED_BEST}


class LeaveForm(forms.Form):
    """A few reasons to choose from and nothing to write: what people write here is often about their health."""

    reason = forms.RadiosField(
        label="Why are you leaving?",
        hint="You do not have to say.",
        called="the reason",
        required=False,
        options=(
            ("moved", "Moving away"),
            ("not_for_me", "It is not the right thing"),
            ("on_my_own", "Doing enough without SafeFit"),
            ("health", "Not well enough"),
            ("other", "Another reason"),
        ),
    )


def name_form(sent: QueryDict | None, participant: Participant) -> NameForm:
    return NameForm(sent, initial={"known_as": participant.person.known_as})


def keep_name(form: NameForm, participant: Participant, by: Person) -> None:
    details.change_name(person=participant.person, known_as=form.cleaned_data["known_as"], by=by)


def reach_form(sent: QueryDict | None, participant: Participant) -> ReachForm:
    return reach_form_of(sent, participant.person, participant.programme)


def reach_form_of(sent: QueryDict | None, person: Person, programme: Programme) -> ReachForm:
    """Of whoever takes part, or helps."""
    points = details.contact_points_of(person)
    kept: dict[str, Any] = {ReachForm.by_channel[point.channel]: point.value for point in points}
    kept["may_leave_message"] = any(point.may_leave_message for point in points) if kept.get("phone") else None
    kept["preferred"] = points[0].channel if points else ""
    return ReachForm(sent, answers=kept, programme=programme)


def keep_reach(form: ReachForm, participant: Participant, by: Person) -> None:
    keep_reach_of(form, participant.person, by)


def keep_reach_of(form: ReachForm, person: Person, by: Person) -> None:
    values = form.cleaned_data
    details.change_contact(
        person=person,
        contacts={way: values[name] for way, name in ReachForm.by_channel.items()},
        preferred=values["preferred"],
        may_leave_message=bool(values["may_leave_message"]),
        by=by,
    )


def home_form(sent: QueryDict | None, participant: Participant) -> HomeForm:
    kept = {"postcode": participant.postcode, "area": participant.area}
    return HomeForm(sent, answers=kept, programme=participant.programme)


def keep_home(form: HomeForm, participant: Participant, by: Person) -> None:
    values = form.cleaned_data
    details.change_home(participant=participant, postcode=values["postcode"], area=values["area"], by=by)


def home_in_words(participant: Participant) -> str:
    """The area and the postcode; "" when neither is noted."""
    area = "Somewhere else" if participant.area == ELSEWHERE else participant.area
    return ", ".join(words for words in (area, participant.postcode) if words)


def reminders_form(sent: QueryDict | None, participant: Participant) -> RemindersForm:
    return RemindersForm.by_which_way(sent, participant.person)


def keep_reminders(form: RemindersForm, participant: Participant, by: Person) -> None:
    choices.choose_topics(person=participant.person, wanted=form.cleaned_data["topics"], by=by)
    choices.choose_ways(person=participant.person, ways=form.ways(), by=by)


def told_in_words(participant: Participant) -> dict[str, str]:
    """When the person is `reminded`; and of what they hear by `ways` other than the one they like best."""
    chosen = choices.choices_of(participant.person)
    ways = [f"{sentence(matter.label)}: {Channel(way).label}" for matter in Matter if (way := chosen.ways.get(matter))]
    reminded = sentence("; ".join(topic.label for topic in chosen.topics)) if chosen.topics else "No reminders"
    return {"reminded": reminded, "ways": "; ".join(ways)}


def emergency_form(sent: QueryDict | None, participant: Participant) -> EmergencyForm:
    kept = {
        "emergency_name": participant.emergency_name,
        "emergency_relationship": participant.emergency_relationship,
        "emergency_phone": str(participant.emergency_phone or ""),
    }
    return EmergencyForm(sent, answers=kept, programme=participant.programme)


def keep_emergency(form: EmergencyForm, participant: Participant, by: Person) -> None:
    emergency.change_emergency_contact(
        participant=participant,
        name=form.cleaned_data["emergency_name"],
        relationship=form.cleaned_data["emergency_relationship"],
        phone=form.cleaned_data["emergency_phone"],
        by=by,
    )


def nhs_number_form(sent: QueryDict | None, participant: Participant) -> NhsNumberForm:
    held = nhs_numbers.held_of(participant)
    kept = {"nhs_number": held.number} if held else {}
    return NhsNumberForm(sent, answers=kept, programme=participant.programme)


def keep_nhs_number(form: NhsNumberForm, participant: Participant, by: Person) -> None:
    nhs_numbers.keep_number(participant=participant, number=form.values()["nhs_number"], by=by)


def contact_noted(participant: Participant, *, reader: Person) -> str:
    """When the emergency contact was last known to be right, and by whom; `reader` is "you"."""
    on, by = plain_date(emergency.last_known_right(participant)), participant.emergency_confirmed_by_id
    if by is None:
        return f"Given on {on}."
    named = "you" if by == reader.pk else participant.emergency_confirmed_by.full_name  # type: ignore[union-attr]
    return f"Known to be right on {on}, noted by {named}."


def left(form: LeaveForm, participant: Participant, by: Person, *, already: str) -> bool:
    """Whether they have left; otherwise the form says why not, in `already` where they take part no more."""
    try:
        life.withdraw(participant=participant, reason=form.cleaned_data["reason"], by=by)
    except life.NotPossibleNow:
        form.add_error(None, already)
    except TryAgain:
        form.add_error(None, BUSY)
    return not form.errors
