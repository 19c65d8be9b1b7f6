"""Pages of cover: asking, taking, giving, and days on which somebody is away."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from classes.cover import ask_for_cover, take_cover
from classes.models import CoverRequest, LeaderRole, Session, SessionLeader
from instructors.away import say_away
from instructors.models import Credential, Instructor
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.classes import ClassTypeFactory, SessionFactory
from tests.factories.instructors import InstructorFactory

pytestmark = pytest.mark.django_db
LONG = {"given_name": "Wilhelmina-Konstantinopoulou", "family_name": "Featherstonehaugh-Cholmondeley"}


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def boxes(name: str, on: dt.date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


@pytest.fixture
def session(programme: Any, ines: Instructor) -> Session:
    kind = ClassTypeFactory(programme=programme, name="Chair class", credentials_needed=["first_aid"])
    noon = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=5), dt.time(12), dt.UTC)
    made: Session = SessionFactory(programme=programme, class_type=kind, leader=ines, starts_at=noon)
    return made


@pytest.fixture
def asker(sign_in: Any, ines: Instructor) -> Client:
    browser: Client = sign_in(ines.person.user)
    return browser


@pytest.fixture
def taker(sign_in: Any, ivor: Instructor) -> Client:
    browser: Client = sign_in(ivor.person.user)
    return browser


@pytest.fixture
def desk(sign_in: Any, dee: Any) -> Client:
    browser: Client = sign_in(dee)
    return browser


def begun(session: Session) -> None:
    now = timezone.now()
    Session.objects.filter(pk=session.pk).update(starts_at=now, ends_at=now + dt.timedelta(hours=1))


def asked(session: Session, ines: Instructor) -> CoverRequest:
    return ask_for_cover(sessions=[session], reason="ill", by=ines.person)[0]


def test_cover_is_asked_for_taken_by_another_and_opens_that_class_alone(
    asker: Client, taker: Client, session: Session
) -> None:
    assert "Ask for cover" in text(asker.get(f"/teach/classes/{session.pk}/"))
    where = f"/teach/classes/{session.pk}/cover/"
    assert asker.post(where, {"reason": ""}).status_code == 422
    page = text(asker.post(where, {"reason": "Train cancelled."}, follow=True))
    assert "1 person is asked. Nobody has taken it yet, so it is still yours." in page
    assert taker.get(f"/teach/classes/{session.pk}/").status_code == 404
    request = CoverRequest.objects.get()
    assert f"/teach/cover/{request.pk}/" in taker.get("/teach/cover/").content.decode()
    page = text(taker.get(f"/teach/cover/{request.pk}/"))
    assert "You lead it on this day alone." in page and "Ines" not in page
    page = text(taker.post(f"/teach/cover/{request.pk}/", follow=True))
    assert "It is yours:" in page and "See who is coming" in page
    for again in (taker.post, taker.get):  # a second tap, and the message opened once more
        assert "It is yours:" in text(again(f"/teach/cover/{request.pk}/", follow=True))
    assert asker.get(f"/teach/classes/{session.pk}/").status_code == 404
    page = text(asker.post(f"/teach/classes/{session.pk}/cover/", {"withdraw": "yes"}, follow=True))
    assert "Somebody else leads it already." in page and "You lead it yourself" not in page
    assert "No class needs you just now." in text(taker.get("/teach/cover/"))


def test_whoever_comes_second_reads_that_it_is_taken_and_not_by_whom(
    sign_in: Any, taker: Client, session: Session, ines: Instructor, programme: Any
) -> None:
    third = InstructorFactory(programme=programme, person=PersonFactory(**LONG))
    request = asked(session, ines)
    take_cover(request=request, instructor=third, by=third.person)
    answer = taker.post(f"/teach/cover/{request.pk}/")
    assert answer.status_code == 409 and "Somebody else has taken it already." in text(answer)
    assert "Wilhelmina" not in text(answer)


def test_what_was_taken_back_is_not_wanted_any_more(
    asker: Client, taker: Client, session: Session, ines: Instructor
) -> None:
    request = asked(session, ines)
    page = text(asker.post(f"/teach/classes/{session.pk}/cover/", {"withdraw": "yes"}, follow=True))
    assert "You lead it yourself." in page
    answer = taker.post(f"/teach/cover/{request.pk}/")
    assert answer.status_code == 409 and "It is not wanted any more." in text(answer)


def test_who_may_not_lead_it_reads_why(taker: Client, session: Session, ines: Instructor, ivor: Instructor) -> None:
    request = asked(session, ines)
    Credential.objects.filter(instructor=ivor, kind="first_aid").update(expires_on=timezone.localdate())
    on = timezone.localdate(session.starts_at)
    say_away(instructor=ivor, first=on, last=on, by=ivor.person)
    SessionFactory(programme=session.programme, leader=ivor, starts_at=session.starts_at)
    page = text(taker.get(f"/teach/cover/{request.pk}/"))
    assert "First aid and CPR runs out on" in page and "away; has another class at that time" in page
    answer = taker.post(f"/teach/cover/{request.pk}/")
    assert answer.status_code == 409 and "Nothing was changed." in text(answer)
    assert "No class needs you" in text(taker.get("/teach/cover/"))


def test_all_classes_of_a_day_are_asked_for_in_one_go_and_none_where_nobody_may(
    asker: Client, session: Session, ines: Instructor
) -> None:
    SessionFactory(programme=session.programme, leader=ines, starts_at=session.starts_at + dt.timedelta(hours=2))
    where = f"/teach/classes/{session.pk}/cover/"
    assert "All 2 classes that I lead that day" in text(asker.get(where))
    page = text(asker.post(where, {"which": "day", "reason": "ill"}, follow=True))
    assert "Nobody else may lead it. The desk is told." in page and CoverRequest.objects.count() == 2


def test_who_only_assists_asks_for_nothing_and_a_class_that_has_begun_is_for_the_telephone(
    asker: Client, taker: Client, session: Session, ivor: Instructor
) -> None:
    during = (session.starts_at, session.ends_at)
    SessionLeader.objects.create(session=session, instructor=ivor, role=LeaderRole.SECOND, during=during)
    assert taker.get(f"/teach/classes/{session.pk}/cover/").status_code == 404
    assert taker.post(f"/teach/classes/{session.pk}/cover/", {"withdraw": "yes"}).status_code == 404
    assert "Ask for cover" not in text(taker.get(f"/teach/classes/{session.pk}/"))
    on = timezone.localdate(session.starts_at)
    say_away(instructor=ivor, first=on, last=on, by=ivor.person)
    page = text(taker.get("/teach/away/"))
    assert "a class that you assist in" in page and "Ask for cover" not in page
    begun(session)
    where = f"/teach/classes/{session.pk}/cover/"
    assert "This class is off or has begun." in text(asker.get(where))
    assert "so nobody was asked" in text(asker.post(where, {"reason": "ill"}))


def test_the_desk_sees_who_may_and_gives_it_to_one_of_them(
    desk: Client, session: Session, ivor: Instructor, programme: Any
) -> None:
    lacks = InstructorFactory(programme=programme, person=PersonFactory(**LONG), credentials=[])
    SessionFactory(
        programme=programme, leader=ivor, starts_at=session.ends_at + dt.timedelta(minutes=20), mode="remote"
    )
    where = f"/desk/timetable/{session.pk}/cover/"
    page = text(desk.get(where))
    assert "Leads it Ines Teacher" in page and "Less than an hour from" in page
    assert "Featherstonehaugh-Cholmondeley : First aid and CPR is missing" in page and "Give it to them" not in page
    assert desk.post(where, {"do": "ask", "reason": ""}).status_code == 422
    page = text(desk.post(where, {"do": "ask", "reason": "ill"}, follow=True))
    assert "Give it to them" in page and "Nobody has taken it yet." in page
    assert "Nothing was changed" in text(desk.post(where, {"do": "give", "instructor": str(lacks.pk)}, follow=True))
    assert "they teach here no more" in text(desk.post(where, {"do": "give", "instructor": "x"}, follow=True))
    page = text(desk.post(where, {"do": "give", "instructor": str(ivor.pk)}, follow=True))
    assert (
        "Ivor Coach leads it now" in page and "Ivor Coach, for Ines Teacher" in page and "Taken by Ivor Coach." in page
    )


def test_the_desk_takes_it_back_and_hears_when_somebody_was_faster(
    desk: Client, session: Session, ines: Instructor, ivor: Instructor, monkeypatch: Any
) -> None:
    where = f"/desk/timetable/{session.pk}/cover/"
    asked(session, ines)
    page = text(desk.post(where, {"do": "withdraw"}, follow=True))
    assert "Whoever leads it goes on." in page and "No longer wanted." in page
    for stale in ({"do": "withdraw"}, {"do": "give", "instructor": str(ivor.pk)}):
        assert "Somebody has taken it already, or" in text(desk.post(where, stale, follow=True))
    request, faster = asked(session, ines), InstructorFactory(programme=session.programme)
    monkeypatch.setattr(
        "frontend.views.desk.cover.give_cover", lambda **given: _taken_meanwhile(request, faster, given)
    )
    page = text(desk.post(where, {"do": "give", "instructor": str(ivor.pk)}, follow=True))
    assert "Somebody has taken it already" in page


def _taken_meanwhile(request: CoverRequest, faster: Instructor, given: dict[str, Any]) -> None:
    take_cover(request=request, instructor=faster, by=faster.person)
    take_cover(**given)


def test_a_class_that_is_off_or_led_by_nobody_cannot_be_covered(desk: Client, session: Session) -> None:
    session.leaders.update(active=False)
    where = f"/desk/timetable/{session.pk}/cover/"
    assert "Leads it Nobody" in text(desk.get(where))
    assert "so nobody was asked" in text(desk.post(where, {"do": "ask", "reason": "ill"}))
    begun(session)
    assert "so nobody can be asked" in text(desk.get(where))


def test_days_away_are_noted_and_classes_in_them_lead_to_asking_for_cover(asker: Client, session: Session) -> None:
    on = timezone.localdate(session.starts_at)
    assert "No days are noted." in text(asker.get("/teach/away/"))
    wrong = asker.post("/teach/away/", {**boxes("first", on), **boxes("last", on - dt.timedelta(days=1))})
    assert wrong.status_code == 422 and "The last day must be the first day or later" in text(wrong)
    said = {**boxes("first", on), **boxes("last", on), "reason": "holiday"}
    page = asker.post("/teach/away/", said, follow=True)
    assert "Chair class" in text(page) and f"/teach/classes/{session.pk}/cover/" in page.content.decode()
    assert "already" in text(asker.post("/teach/away/", said))
    end = re.search(r"/teach/away/(\d+)/end/", page.content.decode())
    assert end is not None
    assert "You are there on these days after all." in text(asker.post(end[0], follow=True))


def test_days_without_an_end_and_of_one_of_several_programmes_are_said(sign_in: Any, ines: Instructor) -> None:
    user = ines.person.user
    other = InstructorFactory(person=ines.person, programme__name="SafeFit Solent")
    MembershipFactory(user=user, role=Role.INSTRUCTOR.value, programme=other.programme)
    browser = sign_in(user)
    on = timezone.localdate() + dt.timedelta(days=3)
    days = {**boxes("first", on), **boxes("last", on + dt.timedelta(days=2))}
    assert browser.post("/teach/away/", days).status_code == 422
    assert browser.post("/teach/away/", {**days, "programme": str(other.pk)}).status_code == 302
    ines.unavailabilities.create(during=(timezone.now() + dt.timedelta(days=40), None))
    page = text(browser.get("/teach/away/"))
    assert "to further notice" in page and other.unavailabilities.exists()


def test_the_desk_reads_the_number_of_whoever_may_lead_it_as_they_or_the_desk_gave_it(
    desk: Client, taker: Client, session: Session, ines: Instructor, ivor: Instructor
) -> None:
    assert taker.post("/teach/reached/", {"number": "07700 900 982"}).status_code == 302
    page = desk.get(f"/desk/timetable/{session.pk}/cover/").content.decode()
    assert "tel:+447700900982" in page
    answer = desk.post(f"/desk/instructors/{ivor.pk}/number/", {"number": "07700 900 983"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/desk/instructors/{ivor.pk}/"
    assert "tel:+447700900983" in desk.get(f"/desk/timetable/{session.pk}/cover/").content.decode()
    assert "How we reach Ivor" in text(desk.get(f"/desk/instructors/{ivor.pk}/number/"))
