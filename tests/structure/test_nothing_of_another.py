"""Nothing of one person reaches another: not on a page, in an answer of the API, in a message or in a calendar.

Two people share everything that can be shared: a class with companions, a waiting
list, an offer, a class that moved, one that is off, one that is over; both are
helped by somebody. Each is marked in every field that holds words (marked.py).
Then every address that one of them, or who helps them, may open is read, and every
message that was sent, in search of the other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, User
from accounts.permissions import Role
from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import book_place, cancel_booking
from classes.telling.feeds import open_feed
from classes.telling.replies import token_for
from classes.timetable import Edit, Scope, cancel_session, change_dates, fields_of_date, preview_edit
from frontend.clinical_letters import letter_words
from frontend.views.desk.letters import letter_of
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.kinds import kinds, owner_of
from messaging.neutral import telling_words
from messaging.words import draw, draw_text, names_for
from participants.models import Participant, Supporter, SupporterScope
from participants.rules.letter_rules import LetterKind
from tests.factories.accounts import someone
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import SupporterFactory
from tests.structure.addresses import addresses
from tests.structure.marked import Marked, models_with_words
from tests.structure.routes import ROUTES, SignIn, World, make_world
from tests.structure.told import Told, every_message

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ABOUT_STAFF = {
    "accounts.ContentVersion", "accounts.ContentSignOff", "instructors.Credential", "classes.ClassNote",
    "outcomes.ExtractApproval", "outcomes.ExtractSpecification",
}  # fmt: skip
MARKED = {
    "accounts.Person", "accounts.ContactPoint", "accounts.User", "messaging.ReceivedText", "messaging.TaskAttempt",
    "participants.AccessNeed", "participants.ClinicalContact", "participants.ClinicalLetter",
    "participants.Enrolment", "participants.Equality",
    "participants.DecisionMaker", "participants.Supporter", "participants.Participant", "participants.HealthProfile",
    "participants.Clearance", "classes.Booking", "classes.Guest", "classes.Attendance", "classes.SymptomTalk",
    "classes.Incident", "classes.IncidentAddendum", "classes.IncidentReview", "classes.Concern", "classes.ConcernNote",
    "participants.ReferBack", "participants.NhsNumber", "participants.Referrer",
    "classes.SessionNote", "classes.Whereabouts", "outcomes.Goal",
}  # fmt: skip
NOT_REACHED_FROM_ANY_PAGE_OF_THEIRS = {
    "participants.EligibilityDecision",  # why somebody was let in all the same
    "outcomes.DataUseComment",  # of nobody who is known, read at the desk
    "messaging.PageFeedback",  # the same
    "outcomes.StudyCount",  # numbers alone, read by the next count and by nothing else
    "outcomes.ReleaseSheet",  # numbers alone, read by the building of a release and by nothing else
    "records.Merge",  # read at the desk alone
    "records.MergeChange",  # read by the undoing of a merge and by nothing else
}


PREVIEWED = 200  # of an email, beside its subject, by whoever sees the telephone it comes to
MESSAGES = Path(settings.BASE_DIR) / "frontend" / "jinja2" / "messages"
TO_NOBODY_ON_RECORD = {
    "referred": {"link": "https://safefit.example/join/return/x/"},
    "referral_joined": {"reference": "RF-1"},
    "return_link": {"reference": "SF-1", "link": "https://safefit.example/join/return/x/"},
}
OPEN_TO_ALL = {"public:class", "public:classes", "session-list", "session-detail", "home"}  # of those, what is read


@dataclass
class Two:
    """Of whom everything is read, and of whom nothing may stand there; each is helped by somebody."""

    world: World
    reads: Participant
    hidden: Participant
    own: Marked
    mark: Marked

    @property
    def helper(self) -> User:
        return self.world.users["sam"]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON):
        yield


@pytest.fixture(params=["Pat reads", "Quinn reads"])
def two(
    request: Any, pat: Participant, quinn: Participant, sam: User, ines: Any, dee: User, clare: User, omar: User
) -> Two:
    scopes = [SupporterScope.BOOK, SupporterScope.SEE_MESSAGES, SupporterScope.HEAR_OFFERS]
    Supporter.objects.filter(participant=pat).update(scopes=scopes)
    suki = someone("Suki Helper", Role.SUPPORTER, programme=quinn.programme)
    SupporterFactory(participant=quinn, person=suki.person, scopes=scopes)
    reads, hidden = (pat, quinn) if request.param == "Pat reads" else (quinn, pat)
    users = {"ines": ines.person.user, "dee": dee, "clare": clare, "omar": omar}
    users |= {"pat": reads.person.user, "quinn": hidden.person.user, "sam": reads.supporters.get().person.user}
    world = make_world(users, pat=reads, ines=ines)
    found = Two(world, reads, hidden, Marked("Zanzibella", "+447700900001"), Marked("Xylophon", "+447700900002"))
    for one, mark in ((reads, found.own), (hidden, found.mark)):
        helps = one.supporters.get()
        mark.mark_everything(one, helps, by=clare.person)
        Marked(mark.word, mark.telephone).mark_person(helps.person)
    share_classes(found, by=dee.person)
    return found


def share_classes(two: Two, *, by: Person) -> None:
    """Whatever two people can have to do with the same class."""
    programme, both = two.reads.programme, (two.reads, two.hidden)
    BookingFactory(session=two.world.session, participant=two.hidden, party=2)
    waits = BookingFactory(session=two.world.later, participant=two.hidden, state=BookingState.WAITING)
    two.mark.mark(waits, priority=1)
    ines = Instructor.objects.get(person__user=two.world.users["ines"])
    moved, off, over = (
        SessionFactory(programme=programme, leader=ines, starts_at=NOON + days * DAY) for days in (5, 6, -3)
    )
    for one in both:
        for session in (moved, off):
            book(one, session, by=one.person, party=2)
    for one, mark in ((two.reads, two.own), (two.hidden, two.mark)):
        mark.mark_in_class(BookingFactory(session=over, participant=one), by=by)
    wanted = fields_of_date(moved) | {"start_time": dt.time(16)}
    edit = Edit(session=moved, scope=Scope.ONE, wanted=wanted, on=moved.occurs_on)
    change_dates(edit=edit, seen=preview_edit(edit).fingerprint, by=by)
    cancel_session(session=off, reason="The hall is flooded", by=by)
    pass_a_place_on(both, by=by)


def pass_a_place_on(both: tuple[Participant, Participant], *, by: Person) -> None:
    """Each gives up a place for which the other waits, so that each is offered one."""
    for days, (gives, gets) in enumerate((both, both[::-1])):
        session = SessionFactory(programme=gives.programme, starts_at=NOON + (9 + days) * DAY, capacity=1)
        place = book(gives, session, by=gives.supporters.get().person, copy=True)
        book(gets, session, by=gets.person, or_wait=True)
        with transaction.atomic():
            cancel_booking(booking=place, by=gives.person, reason="not_well")


def book(participant: Participant, session: Session, *, by: Person, **rest: Any) -> Booking:
    return book_place(participant=participant, session=session, by=by, source=BookingSource.SELF, **rest)


def test_every_field_that_holds_words_about_somebody_is_marked() -> None:
    with_words = {model._meta.label for model in models_with_words()}
    assert with_words == MARKED | ABOUT_STAFF | NOT_REACHED_FROM_ANY_PAGE_OF_THEIRS


def everything_opened(two: Two, sign_in: SignIn) -> Iterator[tuple[str, HttpResponse]]:
    """Every address that is theirs or their helper's, and those that open only after something was done."""
    browsers = {"pat": sign_in(two.reads.person.user), "sam": sign_in(two.helper)}
    browsers["sam"].post(reverse("me:act_for", args=[two.reads.pk]))
    for address in addresses():
        if "anonymous" in ROUTES[address.name].may and address.name not in OPEN_TO_ALL:
            continue
        for who in browsers.keys() & ROUTES[address.name].may:
            path = reverse(address.name, kwargs=ROUTES[address.name].arguments(two.world, address.arguments))
            yield f"{address.name} as {who}", browsers[who].get(path)
    feed = open_feed(participant=two.reads, by=two.reads.person)
    yield "the feed", Client().get(reverse("public:calendar", args=[feed.token]))
    yield "a reply", Client().get(reverse("public:reply", args=[token_for(two.world.booking)]))
    for booking in two.reads.bookings.all():
        for name in ("me:booking", "me:booking_calendar", "me:offer", "booking-detail"):
            yield f"{name} of {booking.state}", browsers["pat"].get(reverse(name, args=[booking.pk]))
    yield from pressed(two, browsers["pat"])


def pressed(two: Two, browser: Client) -> Iterator[tuple[str, HttpResponse]]:
    """What is answered to whoever asks for a place that the other has."""
    full = SessionFactory(programme=two.reads.programme, starts_at=NOON + 20 * DAY, capacity=1)
    book(two.hidden, full, by=two.hidden.person)
    for body in ({"session": full.pk}, {"session": full.pk, "or_wait": True}):
        yield "a class that is full", browser.post(reverse("booking-list"), body, content_type="application/json")
    yield "its page", browser.get(reverse("me:book_place", args=[full.pk]))


def text_of(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return f"{answer.headers} {content.decode()}"


def test_no_page_answer_or_calendar_of_one_person_holds_anything_of_another(
    two: Two, sign_in: SignIn
) -> None:  # pitfalls 41
    opened = [(what, text_of(answer)) for what, answer in everything_opened(two, sign_in)]
    assert [(what, hit) for what, text in opened for hit in two.mark.found_in(text)] == []
    own = {what for what, text in opened if two.own.found_in(text)}
    assert len(opened) > 90 and len(own) > 20, "their own marks are seen, so the others would be"


def test_no_message_to_one_person_or_who_helps_them_holds_anything_of_another(two: Two) -> None:  # pitfalls 41
    deliver_due()
    theirs = {two.own.word.lower(): two.mark, two.mark.word.lower(): two.own}
    found, kinds = [], set()
    for sent in mail.outbox:
        (to,) = sent.to
        other = next((mark for word, mark in theirs.items() if word in to), None)
        if other is None:
            continue  # to staff
        kinds.add((other.word, sent.subject))
        whole = f"{sent.subject} {sent.body} {sent.cc} {sent.bcc} {sent.extra_headers}"
        files = [part.get_payload(decode=True).decode() for part in sent.attachments]
        found += [(sent.subject, hit) for text in (whole, *files) for hit in other.found_in(text)]
    assert found == []
    assert len(kinds) >= 10 and any(sent.attachments for sent in mail.outbox)


def drawn(one: Told) -> list[str]:
    """All that its reader could get to see of a message, by whichever way; nothing when it is not wanted."""
    message = one.message
    with time_machine.travel(one.at or timezone.now(), tick=False):
        content = owner_of(message.kind)(message)
        if content is None:
            return []
        names = names_for(message, content.context)
        email = draw(message.kind, names)
        text = draw_text(message.kind, names).body
    return [email.subject, text, email.body, *(file.text for file in content.attachments)]


@pytest.mark.parametrize("two", ["Pat reads"], indirect=True)  # what goes to either is read here
def test_no_message_of_any_kind_holds_anything_of_another_or_says_why_they_come(two: Two) -> None:  # pitfalls 41
    marks, seen = {two.reads.pk: two.own, two.hidden.pk: two.mark}, set()
    others, telling = [], []
    for one in every_message(two):
        kind, parts = one.message.kind, drawn(one)
        seen |= {kind} if parts else set()
        hidden = [mark for pk, mark in marks.items() if one.of is None or pk != one.of.pk]
        others += [(kind, hit) for part in parts for mark in hidden for hit in mark.found_in(part)]
        preview = (part[:PREVIEWED] for part in parts[2:3])
        neutral = (*parts[:2], *preview, *(line for file in parts[3:] for line in calendar_lines(file)))
        telling += [(kind, word) for part in neutral for word in telling_words(part)]
    assert (others, telling) == ([], [])
    assert seen == set(kinds()), "make a case of it in tests/structure/told.py"


def calendar_lines(file: str) -> list[str]:
    """The title and the place of what is in it."""
    return re.findall(r"^(?:SUMMARY|LOCATION)[:;].*(?:\r?\n .*)*", file, re.MULTILINE)


def test_no_letter_on_paper_holds_anything_of_another(two: Two) -> None:  # pitfalls 41
    letters = [str(letter_of(two.world.letter)), *(str(letter_words(two.reads, kind)) for kind in LetterKind)]
    assert [hit for letter in letters for hit in two.mark.found_in(letter)] == []
    assert all(two.own.found_in(letter) for letter in letters)


def test_what_is_drawn_for_nobody_on_record_names_nobody() -> None:  # pitfalls 41
    """Messages to whoever has no record yet, or refers somebody: a link and a reference, and nothing of anybody."""
    templates = {path.stem for path in MESSAGES.glob("*.txt") if path.stem != "base" and path.stem[0] != "_"}
    assert templates == set(kinds()) | TO_NOBODY_ON_RECORD.keys()
    for kind, facts in TO_NOBODY_ON_RECORD.items():
        draw(kind, {**facts, "site": "https://safefit.example"})  # with any other name it is an error


def test_a_mark_is_found_however_it_is_written() -> None:
    mark = Marked("Xylophon", "+447700900002", also={"SF-000123"})
    for text in ("<p>XYLOPHON family</p>", "07700 900002", "07700900002", "tel:+447700900002", "ref SF-000123"):
        assert mark.found_in(text), text
    assert not mark.found_in("Xylo phone 07700 900001 SF-000124")
