"""How it went: written one person after the other, read by the person, the next instructor and the clinical lead."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.models import AccessLog
from classes.models import SessionNote
from participants.models import ConsentKind
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.outcomes import consents

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines):
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(hours=2))


@pytest.fixture
def places(session, pat, quinn):
    places = [BookingFactory(session=session, participant=one) for one in (pat, quinn)]
    for place in places:
        AttendanceFactory(booking=place)
    return places


@pytest.fixture
def teacher(ines, sign_in):
    return sign_in(ines.person.user)


def page(session, place):
    return f"/teach/classes/{session.pk}/how-it-went/b{place.pk}/"


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def hidden(answer):
    return dict(re.findall(r'name="(id|after)" value="([^"]*)"', answer.content.decode()))


def test_one_person_after_the_other_is_written_about_and_can_be_skipped(teacher, session, places, ines, pat):
    first, second = places
    register = teacher.get(f"/teach/classes/{session.pk}/register/")
    assert (
        "2 people who came have no note yet" in text_of(register) and page(session, first) in register.content.decode()
    )
    shown = teacher.get(page(session, first))
    assert "Person 1 of 2" in text_of(shown) and f'href="{page(session, second)}"' in shown.content.decode()
    sent = {**hidden(shown), "plan": "Chair stands", "effort": "4", "for_colleagues": "Holds her side"}
    after = teacher.post(page(session, first), sent)
    assert after["Location"] == page(session, second)
    assert SessionNote.objects.get().by == ines.person
    assert "Saved for Pat. Next: Quinn." in text_of(teacher.get(after["Location"]))
    last = teacher.post(page(session, second), {**hidden(teacher.get(page(session, second))), "next_time": "Steps"})
    assert last["Location"] == f"/teach/classes/{session.pk}/register/"
    assert "about everybody who came" in text_of(teacher.get(last["Location"]))
    assert AccessLog.objects.filter(what="session notes", target=pat.person, by=ines.person).exists()


def test_nothing_typed_is_lost_when_a_colleague_was_quicker(teacher, session, places, ivor):
    place = places[0]
    opened = hidden(teacher.get(page(session, place)))
    SessionNote.objects.create(session=session, participant=place.participant, plan="From Ivor", by=ivor.person)
    refused = teacher.post(page(session, place), {**opened, "plan": "From Ines"})
    assert refused.status_code == 409
    words = refused.content.decode()
    assert "From Ivor" in words and "From Ines" in words
    assert teacher.post(page(session, place), {**hidden(refused), "plan": "From both"}).status_code == 302
    empty = teacher.post(page(session, places[1]), {"plan": " "})
    assert empty.status_code == 409 and "Fill in at least one answer" in text_of(empty)
    assert "from 0 to 10" in text_of(teacher.post(page(session, places[1]), {"effort": "11"}))


def test_the_person_alone_reads_it_and_never_what_is_for_colleagues(
    session, places, sign_in, pat, sam, dee, clare, ines
):
    SessionNote.objects.create(
        session=session, participant=pat, plan="Chair stands", effort=0, for_colleagues="Holds her side", by=ines.person
    )
    mine, place = sign_in(pat.person.user), f"/me/bookings/{places[0].pk}/"
    assert place in mine.get("/me/bookings/").content.decode()
    read = text_of(mine.get(place))
    assert "Chair stands" in read and "0 of 10" in read and "Holds her side" not in read
    (told,) = mine.get("/api/v1/own-session-notes/").json()
    assert (told["plan"], told["effort"], told["session"]) == ("Chair stands", 0, session.pk)
    assert "Holds her side" not in str(told)
    helper = sign_in(sam)
    helper.post(f"/me/act-for/{pat.pk}/")
    helped = helper.get(place)
    assert helped.status_code == 200 and "Chair stands" not in text_of(helped)
    address = f"/desk/people/{pat.pk}/how-classes-went/"
    assert "Holds her side" in text_of(sign_in(clare).get(address))
    assert sign_in(dee).get(address).status_code == 403


def test_before_its_start_and_without_a_mark_the_page_says_what_to_do(teacher, ines, pat, session, quinn):
    ahead = SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=3))
    place = BookingFactory(session=ahead, participant=pat)
    assert "from the start of the class" in text_of(teacher.get(page(ahead, place)))
    assert "Mark the register first" in text_of(
        teacher.get(page(session, BookingFactory(session=session, participant=quinn)))
    )


def test_what_comes_too_late_is_refused_with_what_was_typed_and_shows_no_earlier_note(teacher, ines, pat):
    weeks = [timezone.now() - dt.timedelta(days=days) for days in (7, 4)]
    before, over = (SessionFactory(programme=ines.programme, leader=ines, starts_at=start) for start in weeks)
    SessionNote.objects.create(session=before, participant=pat, for_colleagues="Holds her side", by=ines.person)
    consents(pat, ConsentKind.INSTRUCTORS)
    AttendanceFactory(booking=(place := BookingFactory(session=over, participant=pat)))
    refused = teacher.post(page(over, place), {"plan": "Chair stands"})
    assert refused.status_code == 409 and "Chair stands" in refused.content.decode()
    assert "Holds her side" not in text_of(refused)
    assert not AccessLog.objects.filter(what="session notes").exists()
