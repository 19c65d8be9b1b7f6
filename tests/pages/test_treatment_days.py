"""Days of treatment: noted by the person or by telephone, pointed out where a class is chosen, told to no helper."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog, Person
from classes.models import Booking, Session
from frontend.acting import SESSION_KEY
from participants import consents, treatments
from participants.content import install
from participants.models import ConsentKind, Participant, SupporterScope
from participants.rules.treatment_days import Days
from tests.factories.classes import SessionFactory
from tests.factories.participants import TreatmentDaysFactory

pytestmark = pytest.mark.django_db
MINE = "/me/health/days/"
CLOSE, ADVICE = "Close to your treatment", "giving the place back is never held against you"


@pytest.fixture
def agreed(pat: Participant) -> Participant:
    install(pat.programme, System.COMMAND)
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    return pat


@pytest.fixture
def browser(agreed: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(agreed.person.user)
    return client


@pytest.fixture
def desk(agreed: Participant, dee: Any, sign_in: Any) -> Client:
    client: Client = sign_in(dee)
    return client


@pytest.fixture
def theirs(agreed: Participant) -> str:
    return f"/desk/people/{agreed.pk}/days/"


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def sent(first: dt.date, **more: str) -> dict[str, str]:
    boxes = {"first-day": str(first.day), "first-month": str(first.month), "first-year": str(first.year)}
    return boxes | {"how_often": "once"} | more


def again(first: dt.date, weeks: str = "3", times: str = "6") -> dict[str, str]:
    return sent(first, how_often="again", every_weeks=weeks, times=times)


def noted(participant: Participant) -> list[Days]:
    return [row.days for row in treatments.noted_by(participant)]


def acting(browser: Client, participant: Participant) -> Client:
    stored = browser.session
    stored[SESSION_KEY] = participant.pk
    stored.save()
    return browser


def class_in(days: int, pat: Participant) -> Session:
    at = dt.datetime.combine(in_days(days), dt.time(12), tzinfo=timezone.get_current_timezone())
    return SessionFactory(programme=pat.programme, starts_at=at)


def test_a_person_notes_changes_and_removes_days(browser: Client, agreed: Participant) -> None:
    assert f'href="{MINE}"' in text_of(browser.get("/me/health/"))
    empty = text_of(browser.get(MINE))
    assert "Nothing yet." in empty and "these days and the 2 days after" in empty and "You do not have to" in empty
    assert browser.post(MINE, again(in_days(3)))["Location"] == MINE
    page = text_of(browser.get(MINE))
    assert "Every 3 weeks from" in page and "6 times" in page and "The next is" in page
    row = treatments.noted_by(agreed)[0]
    form = text_of(browser.get(f"{MINE}{row.pk}/"))
    assert 'value="again" checked' in form and 'name="times" type="text" value="6"' in form
    assert browser.post(f"{MINE}{row.pk}/", sent(in_days(5)))["Location"] == MINE
    assert noted(agreed) == [Days(in_days(5))]
    form = text_of(browser.get(f"{MINE}{row.pk}/"))
    assert 'value="once" checked' in form
    for _ in range(2):
        assert browser.post(f"{MINE}{row.pk}/remove/")["Location"] == MINE
    assert noted(agreed) == []
    assert browser.get(f"{MINE}{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"how_often": "once"}, "Enter the day"),
        (sent(in_days(-5)), "All of these days have passed"),
        (sent(in_days(-500)), "or later"),
        (sent(in_days(900)), "or earlier"),
        (sent(in_days(1), how_often=""), "Select only that day, or again every few weeks"),
        (again(in_days(1), weeks="", times=""), "Enter the number of weeks"),
        (again(in_days(1), weeks="0"), "must be a number from 1 to 12"),
        (again(in_days(1), times="31"), "must be a number from 2 to 30"),
        (again(in_days(1), weeks="12", times="30"), "more than 2 years away"),
    ],
)
def test_what_cannot_be_noted_is_said_beside_the_question_and_nothing_is_lost(
    browser: Client, desk: Client, agreed: Participant, theirs: str, typed: dict[str, str], said: str
) -> None:
    row = TreatmentDaysFactory(participant=agreed)
    for where in (MINE, f"{MINE}{row.pk}/"):
        answer = browser.post(where, typed)
        assert answer.status_code == 422 and said in text_of(answer)
        if "first-day" in typed:
            assert f'value="{typed["first-year"]}"' in text_of(answer)
    for where in (theirs, f"{theirs}{row.pk}/"):
        answer = desk.post(where, typed)
        assert answer.status_code == 422 and said in text_of(answer)
    assert noted(agreed) == [row.days]


def test_one_entry_more_than_can_be_kept_is_refused_in_words(browser: Client, agreed: Participant) -> None:
    for number in range(treatments.MOST_NOTED):
        treatments.note_days(participant=agreed, days=Days(in_days(number)), by=agreed.person)
    answer = browser.post(MINE, sent(in_days(99)))
    assert answer.status_code == 409 and "There are 20 entries already" in text_of(answer)


def test_consent_comes_first_and_taking_it_back_takes_the_days_out_of_view(
    browser: Client, desk: Client, agreed: Participant, theirs: str
) -> None:
    session = class_in(4, agreed)
    browser.post(MINE, sent(in_days(4)))
    assert CLOSE in text_of(browser.get("/me/classes/"))
    consents.withdraw_consent(participant=agreed, kind=ConsentKind.HEALTH, by=agreed.person)
    for where in ("/me/classes/", f"/classes/{session.pk}/"):
        assert CLOSE not in text_of(browser.get(where))
    for answer in (browser.get(MINE), browser.post(MINE, sent(in_days(4)))):
        assert answer["Location"] == "/me/details/agreed/health/"
    for answer in (desk.get(theirs), desk.post(theirs, sent(in_days(4)))):
        assert answer["Location"] == f"/desk/people/{agreed.pk}/"
    assert "so no days can be noted" in text_of(desk.get(f"/desk/people/{agreed.pk}/"))
    assert noted(agreed) == []


def test_consent_taken_back_in_another_tab_keeps_nothing(
    browser: Client, desk: Client, agreed: Participant, theirs: str, monkeypatch: Any
) -> None:
    """The page was drawn, and the action finds that consent is gone."""
    row = TreatmentDaysFactory(participant=agreed)
    consents.withdraw_consent(participant=agreed, kind=ConsentKind.HEALTH, by=agreed.person)
    row.pk = None
    row.save()
    monkeypatch.setattr(consents, "agreed_to", lambda kind, participants: {agreed.pk})
    assert browser.post(MINE, sent(in_days(4)))["Location"] == "/me/details/agreed/health/"
    assert browser.post(f"{MINE}{row.pk}/", sent(in_days(4)))["Location"] == MINE
    assert desk.post(theirs, sent(in_days(4)))["Location"] == f"/desk/people/{agreed.pk}/"
    assert desk.post(f"{theirs}{row.pk}/", sent(in_days(4)))["Location"] == theirs
    assert noted(agreed) == [row.days]


def test_after_leaving_nothing_is_noted(browser: Client, agreed: Participant) -> None:
    Participant.objects.filter(pk=agreed.pk).update(status="withdrawn")
    answer = browser.post(MINE, sent(in_days(4)))
    assert answer.status_code == 409 and "Nothing was changed" in text_of(answer)


def test_the_desk_does_it_by_telephone_and_each_look_is_logged(
    desk: Client, agreed: Participant, theirs: str, dee: Any
) -> None:
    agreed.person.given_name, agreed.person.family_name = (
        "Wilhelmina-Konstantinopoulou",
        "Featherstonehaugh-Cholmondeley",
    )
    agreed.person.save()
    assert f'href="{theirs}"' in text_of(desk.get(f"/desk/people/{agreed.pk}/"))
    page = text_of(desk.get(theirs))
    assert "Do not ask what the treatment is" in page and "is not signed off" in page and "Nothing yet." in page
    assert desk.post(theirs, again(in_days(2), weeks="1", times="4"))["Location"] == theirs
    assert "Every week from" in text_of(desk.get(theirs))
    row = treatments.noted_by(agreed)[0]
    assert desk.get(f"{theirs}{row.pk}/").status_code == 200
    assert desk.post(f"{theirs}{row.pk}/", sent(in_days(2)))["Location"] == theirs
    assert noted(agreed) == [Days(in_days(2))]
    for _ in range(2):
        assert desk.post(f"{theirs}{row.pk}/remove/")["Location"] == theirs
    assert noted(agreed) == []
    assert AccessLog.objects.filter(what="treatment days", by=dee.person).count() >= 3


@pytest.mark.parametrize(("days", "close"), [(3, False), (4, True), (5, True), (6, True), (7, False)])
def test_a_class_close_to_a_treatment_says_so_on_the_list_on_its_page_and_when_it_is_booked(
    browser: Client, agreed: Participant, days: int, close: bool
) -> None:
    TreatmentDaysFactory(participant=agreed, said={"first": str(in_days(4)), "every_weeks": 0, "times": 1})
    session = class_in(days, agreed)
    for where in ("/me/classes/", "/classes/", f"/classes/{session.pk}/", f"/me/classes/{session.pk}/book/"):
        page = text_of(browser.get(where))
        assert (CLOSE in page) is close and (ADVICE in page) is close, where
    assert f"/me/classes/{session.pk}/book/" in text_of(browser.get(f"/classes/{session.pk}/"))


def test_a_close_class_is_booked_like_any_other(browser: Client, agreed: Participant) -> None:
    TreatmentDaysFactory(participant=agreed)
    session = class_in(1, agreed)
    assert CLOSE in text_of(browser.get(f"/me/classes/{session.pk}/book/"))
    browser.post(f"/me/classes/{session.pk}/book/", {"request_key": "mine", "person": str(agreed.pk), "wait": ""})
    assert Booking.objects.filter(participant=agreed, session=session, state="booked").exists()
    assert CLOSE in text_of(browser.get(f"/classes/{session.pk}/"))


def test_whoever_helps_is_told_nothing_whatever_they_may_do(agreed: Participant, sam: Any, sign_in: Any) -> None:
    agreed.supporters.update(scopes=list(SupporterScope.values))
    TreatmentDaysFactory(participant=agreed)
    session, helper = class_in(1, agreed), acting(sign_in(sam), agreed)
    for where in ("/me/classes/", "/classes/", f"/classes/{session.pk}/", f"/me/classes/{session.pk}/book/"):
        page = text_of(helper.get(where))
        assert "treatment" not in page and "Class type" in page, where
    assert helper.get(MINE).status_code == 403


def test_nobody_else_reaches_them(browser: Client, quinn: Participant, sign_in: Any) -> None:
    """Another's row is not there for whoever takes part, nor under the wrong person at the desk."""
    row = TreatmentDaysFactory(participant=quinn)
    assert browser.get(f"{MINE}{row.pk}/").status_code == 404
    browser.post(f"{MINE}{row.pk}/remove/")
    assert noted(quinn) == [row.days]


def test_the_desk_that_books_is_told_by_name_and_it_is_logged(desk: Client, agreed: Participant, dee: Any) -> None:
    session = class_in(1, agreed)
    acting(desk, agreed)
    desk.get("/me/classes/")
    assert not AccessLog.objects.filter(what="treatment days").exists()
    TreatmentDaysFactory(participant=agreed)
    for where in ("/me/classes/", f"/classes/{session.pk}/", f"/me/classes/{session.pk}/book/"):
        page = text_of(desk.get(where))
        assert "Close to Pat’s treatment" in page and "never held against them" in page
    assert AccessLog.objects.filter(what="treatment days", purpose="booking", by=dee.person).count() == 3


def test_while_a_helper_is_on_the_line_the_desk_is_not_told_either(desk: Client, agreed: Participant, sam: Any) -> None:
    """What stands on the page is read out."""
    Person.objects.filter(pk=agreed.person_id).update(date_of_birth=dt.date(1958, 2, 3))
    TreatmentDaysFactory(participant=agreed)
    class_in(1, agreed)
    acting(desk, agreed)
    caller = f"/desk/people/{agreed.pk}/caller/"
    for who, told in ((f"helper-{agreed.supporters.get().pk}", False), ("other", False), ("self", True)):
        desk.post(caller, {"who": who, "right": ["born", "reference"]})
        assert ("Close to Pat’s treatment" in text_of(desk.get("/me/classes/"))) is told, who
    desk.post("/desk/call/end/")
    assert "Close to Pat’s treatment" in text_of(desk.get("/me/classes/"))
