from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLog, User
from classes.models import Session
from instructors.models import Instructor
from outcomes.models import Measure
from outcomes.sit_to_stand import SAFETY
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.outcomes import consents
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
SAFE = {f"safe_{question.id}": "yes" for question in SAFETY}


@pytest.fixture
def session(pat: Participant, ines: Instructor) -> Session:
    held: Session = SessionFactory(
        programme=pat.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=20)
    )
    AttendanceFactory(booking=BookingFactory(session=held, participant=pat), state="attended")
    return held


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def _measured(pat: Participant, ines: Instructor, value: int, days_ago: int) -> Measure:
    on = timezone.localdate() - dt.timedelta(days=days_ago)
    return Measure.objects.create(
        participant=pat, kind="sts_30", result="done", value=value, measured_on=on, by=ines.person
    )


def test_an_instructor_asks_first_then_keeps_it_and_puts_it_right(
    session: Session, pat: Participant, ines: Instructor, ivor: Instructor, sign_in: Any
) -> None:
    browser, line = sign_in(ines.person.user), f"b{session.bookings.get().pk}"
    page = reverse("teach:measure", args=[session.pk, line])
    assert f'href="{page}"' in _text(browser.get(reverse("teach:session_note", args=[session.pk, line])))
    shown = _text(browser.get(page))
    assert shown.index("Before anybody starts") < shown.index("How it is done") < shown.index("What came of it?")
    assert "not signed off" in shown
    done = {"kind": "sts_30", "result": "done", "count": "9"}
    refused = browser.post(page, SAFE | done | {"safe_chair": "no"})
    assert refused.status_code == 422 and "Do not start" in _text(refused)
    assert "Enter how many full stands" in _text(browser.post(page, SAFE | done | {"count": ""}))
    assert "Select whether somebody is near" in _text(browser.post(page, done))
    assert "Saved for Pat." in _text(browser.post(page, SAFE | done, follow=True))
    (first,) = Measure.objects.all()
    again = browser.get(page, {"instead": first.pk})
    assert "which stays on record" in _text(again) and f'name="replaces" value="{first.pk}"' in _text(again)
    unable = {"kind": "sts_30", "result": "unable", "why_unable": "needed_arms", "replaces": str(first.pk)}
    assert "0: could not stand up without using the arms" in _text(browser.post(page, SAFE | unable, follow=True))
    assert Measure.objects.latest("at").replaces == first
    assert browser.post(page, SAFE | unable).status_code == 409
    assert sign_in(ivor.person.user).get(page).status_code == 404


def test_two_tabs_that_put_the_same_one_right_make_one_and_a_resend_makes_none(
    session: Session, pat: Participant, ines: Instructor, sign_in: Any
) -> None:
    browser = sign_in(ines.person.user)
    page = reverse("teach:measure", args=[session.pk, f"b{session.bookings.get().pk}"])
    browser.post(page, SAFE | {"kind": "sts_30", "result": "done", "count": "9"})
    right = {"kind": "sts_30", "result": "done", "replaces": str(Measure.objects.get().pk), "id": str(uuid4())}
    for _ in range(2):  # sent, and sent again on a bad line
        assert browser.post(page, SAFE | right | {"count": "10"}).status_code == 302
    late = browser.post(page, SAFE | right | {"count": "11", "id": str(uuid4())})
    assert late.status_code == 409 and "Ines Teacher has put this right already: 10 times" in _text(late)
    too_many = browser.post(page, SAFE | {"kind": "sts_30", "result": "done", "count": "61"})
    assert "in 30 seconds, from 1 to 60" in _text(too_many)
    assert sorted(Measure.objects.values_list("value", flat=True)) == [9, 10]


def test_nothing_of_another_class_is_put_right_in_this_one(
    session: Session, pat: Participant, ines: Instructor, sign_in: Any
) -> None:
    consents(pat, "instructors")
    earlier = _measured(pat, ines, 7, days_ago=30)
    page = reverse("teach:measure", args=[session.pk, f"b{session.bookings.get().pk}"])
    sent = {"kind": "sts_30", "result": "done", "count": "9", "replaces": str(earlier.pk)}
    sign_in(ines.person.user).post(page, SAFE | sent)
    assert not Measure.objects.filter(replaces=earlier).exists()


def test_earlier_ones_are_read_where_the_person_shares_health_facts(
    session: Session, pat: Participant, ines: Instructor, sign_in: Any
) -> None:
    _measured(pat, ines, 7, days_ago=30)
    browser = sign_in(ines.person.user)
    page = reverse("teach:measure", args=[session.pk, f"b{session.bookings.get().pk}"])
    assert "7 times" not in _text(browser.get(page))
    consents(pat, "instructors")
    assert "7 times" in _text(browser.get(page))
    assert AccessLog.objects.filter(what="measured movement", target=pat.person).count() == 2
    long_ago = session.starts_at - dt.timedelta(days=9)
    Session.objects.update(starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1))
    assert browser.get(page)["Location"] == reverse("teach:register", args=[session.pk])


def test_it_is_refused_in_words_when_they_have_no_mark(
    session: Session, ines: Instructor, quinn: Participant, sign_in: Any
) -> None:
    place = BookingFactory(session=session, participant=quinn)
    page = reverse("teach:measure", args=[session.pk, f"b{place.pk}"])
    sent = sign_in(ines.person.user).post(page, SAFE | {"kind": "sts_30", "result": "done", "count": "9"})
    assert sent.status_code == 409 and "Mark the register first" in _text(sent)


def test_the_desk_keeps_one_of_another_day_and_sees_what_was_put_right(
    pat: Participant, ines: Instructor, dee: User, sign_in: Any
) -> None:
    browser, page = sign_in(dee), reverse("desk:measures", args=[pat.pk])
    assert "Nothing has been measured yet." in _text(browser.get(page))
    today = timezone.localdate()
    given = {"kind": "sts_60", "result": "done", "count": "20"} | SAFE
    day = {f"on-{part}": str(getattr(today, part)) for part in ("day", "month", "year")}
    ClearanceFactory(participant=pat, state="not_suitable")
    assert "not cleared to exercise on that day" in _text(browser.post(page, given | day))
    ClearanceFactory(participant=pat, valid_from=today)
    before = {**day, "on-year": "2001"}
    assert "Enter a day from when they joined" in _text(browser.post(page, given | before))
    assert "20 times" in _text(browser.post(page, given | day, follow=True))
    first = Measure.objects.get()
    browser.post(page, given | day | {"count": "21", "replaces": str(first.pk)})
    shown = _text(browser.get(page))
    assert "20 times. Put right since, does not count." in shown and "21 times. Open it to put it right." in shown
    late = browser.post(page, given | day | {"count": "22", "replaces": str(first.pk)})
    assert late.status_code == 409 and "Dee Desk has put this right already: 21 times." in _text(late)
    twice = re.search(r'name="id" value="([0-9a-f-]+)"', shown)
    assert twice
    browser.post(page, given | day | {"id": twice[1]})
    assert "sent before in other words" in _text(browser.post(page, given | day | {"id": twice[1], "count": "23"}))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((), ""),
        ((9,), ""),
        ((9, 10), "about the same as on"),
        ((9, 11), "2 times more than on"),
        ((9, 7), "2 times fewer than on"),
    ],
)
def test_the_person_reads_plainly_what_has_changed(
    pat: Participant, ines: Instructor, sign_in: Any, values: tuple[int, ...], words: str
) -> None:
    for number, value in enumerate(values):
        _measured(pat, ines, value, days_ago=60 - number)
    page = _text(sign_in(pat.person.user).get(reverse("me:progress")))
    assert ("Standing up from a chair" in page) is bool(values)
    assert words in page and "worse" not in page
