"""The on-call rota at the desk: who is told now, adding and ending shifts, and what is refused."""

import datetime as dt

import pytest
import time_machine

from accounts.models import Channel, ContactPoint, Membership
from accounts.permissions import Role
from messaging.models import Message, OnCallShift
from messaging.senders import SENDERS
from tests.factories.accounts import ContactPointFactory, MembershipFactory, ProgrammeFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)  # a Wednesday
NIGHT = {
    "line": "1",
    "starts_on-day": "3", "starts_on-month": "2", "starts_on-year": "2027", "starts_at": "5pm",
    "ends_on-day": "4", "ends_on-month": "2", "ends_on-year": "2027", "ends_at": "9am",
    "weeks": "1",
}  # fmt: skip


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(noon, dee, sign_in):
    return sign_in(dee)


def text(answer):
    return " ".join(answer.content.decode().split())


def who(programme, user):
    return {"who": f"{programme.pk}-{user.person.pk}"}


def shift(programme, user, starts=NOON, hours=24, line=1):
    return OnCallShift.objects.create(
        programme=programme, person=user.person, line=line, starts_at=starts, ends_at=starts + dt.timedelta(hours=hours)
    )


def test_an_empty_rota_says_what_happens_and_what_to_do(desk):
    page = text(desk.get("/desk/on-call/"))
    assert "Nobody is on call now. What cannot wait is told to everybody at the desk at once." in page
    assert "Nobody is on the rota." in page and "/desk/on-call/add/" in page
    assert "Nobody is on call now." in text(desk.get("/desk/"))


def test_a_night_is_put_on_the_rota_and_then_shown(desk, programme, dee):
    answer = desk.post("/desk/on-call/add/", NIGHT | who(programme, dee))
    assert answer.status_code == 302
    (made,) = OnCallShift.objects.all()
    assert (made.person, made.line) == (dee.person, 1)
    assert (made.starts_at, made.ends_at) == (NOON.replace(hour=17), NOON.replace(day=4, hour=9))
    page = text(desk.get("/desk/on-call/"))
    assert "1 shift added for Dee Desk, from Wednesday 3 February 2027 at 5pm." in page
    assert "First to be told&nbsp;· until Thursday 4 February 2027 at 9am" in page
    assert "In the next 4 weeks nobody is on call:" in page
    assert "<li>from now to Wednesday 3 February 2027 at 5pm</li>" in page
    assert "<li>from Thursday 4 February 2027 at 9am on</li>" in page


def test_the_same_night_for_several_weeks(desk, programme, dee):
    page = text(desk.post("/desk/on-call/add/", NIGHT | who(programme, dee) | {"weeks": "8"}, follow=True))
    assert "8 shifts added for Dee Desk" in page and OnCallShift.objects.count() == 8


def test_many_hours_without_anybody_are_counted_rather_than_listed(desk, programme, dee):
    for day in range(0, 16, 2):
        shift(programme, dee, starts=NOON + dt.timedelta(days=day))
    page = text(desk.get("/desk/on-call/"))
    assert "<li>from Thursday 4 February 2027 at noon to Friday 5" in page and "and 2 more times" in page


def test_who_is_on_call_now_stands_on_top_in_order_with_a_number(desk, programme, dee, clare):
    shift(programme, clare, line=2)
    shift(programme, dee)
    ContactPointFactory(person=dee.person, channel="phone", value="+441632960123", preferred=False)
    page = text(desk.get("/desk/on-call/"))
    assert page.index("<dt>First</dt> <dd>Dee Desk") < page.index("<dt>Second</dt> <dd>Clare Clinic")
    assert "01632 960123" in page and "18002" in page and "No telephone number is noted." in page
    assert "On call now: Dee Desk, then Clare Clinic." in text(desk.get("/desk/"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends_at": "4pm", "ends_on-day": "3"}, "The end must be after the start. Is it the next day?"),
        (  # the night in which the clocks go forward: 1:30am there is an hour that is over by then
            {"starts_on-day": "28", "starts_on-month": "3", "starts_at": "1:30am"}
            | {"ends_on-day": "28", "ends_on-month": "3", "ends_at": "2:15am"},
            "The end must be after the start",
        ),
        ({"ends_on-day": "11", "ends_at": "5pm"}, "within 7 days of its start"),
        ({"weeks": "27"}, "The number of weeks must be a number from 1 to 26"),
        ({"starts_at": "late"}, "The time it starts must be a time, like 6:30pm or 18:30"),
        ({"ends_on-day": ""}, "The last day must include a day"),
        ({"line": ""}, "Select whether they are told first, second or third"),
        ({"who": ""}, "Select who is on call"),
        ({"who": "1-999999"}, "Select an answer from the list"),
        ({"starts_at": "9am", "ends_on-day": "3", "ends_at": "11am"}, "A shift must end in the future"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(desk, programme, dee, changes, says):
    answer = desk.post("/desk/on-call/add/", NIGHT | who(programme, dee) | changes)
    assert answer.status_code == 422
    assert says in text(answer)
    assert f'value="{changes.get("starts_at", "5pm")}"' in text(answer)
    assert not OnCallShift.objects.exists()


def test_hours_that_somebody_has_are_refused_with_their_name(desk, programme, dee, clare):
    shift(programme, clare, starts=NOON.replace(hour=20), hours=10)
    answer = desk.post("/desk/on-call/add/", NIGHT | who(programme, dee))
    assert answer.status_code == 409
    assert (
        "Clare Clinic is already the first to be told from Wednesday 3 February 2027 at 8pm "
        "to Thursday 4 February 2027 at 6am. Nothing was added."
    ) in text(answer)
    assert OnCallShift.objects.count() == 1


def test_hours_that_were_filled_at_the_same_moment_are_refused(desk, programme, dee, monkeypatch):
    shift(programme, dee, starts=NOON.replace(hour=20), hours=10)
    monkeypatch.setattr("messaging.on_call._in_the_way", lambda shift: None)
    assert "Somebody has just filled these hours." in text(desk.post("/desk/on-call/add/", NIGHT | who(programme, dee)))


def test_somebody_whom_nothing_would_reach_is_refused(desk, programme, clare):
    ContactPoint.objects.filter(person=clare.person).delete()
    answer = desk.post("/desk/on-call/add/", NIGHT | who(programme, clare))
    assert answer.status_code == 422 and "We do not reach this person by email first" in text(answer)


def test_somebody_who_lost_their_role_while_the_page_was_open_is_refused(desk, programme, clare, monkeypatch):
    staff = [(programme, clare.person)]
    monkeypatch.setattr("messaging.on_call.staff_of", lambda programmes: staff)
    Membership.objects.filter(user=clare).update(ends_at=NOON)
    assert "has no role at the desk any more" in text(desk.post("/desk/on-call/add/", NIGHT | who(programme, clare)))


def test_with_two_programmes_each_is_named(desk, programme, dee):
    other = ProgrammeFactory(name="SafeFit Solent")
    MembershipFactory(user=dee, role=Role.COORDINATOR.value, programme=other)
    form = text(desk.get("/desk/on-call/add/"))
    assert "Dee Desk (SafeFit Wessex)" in form and "Dee Desk (SafeFit Solent)" in form
    assert "Now: SafeFit Solent" in text(desk.get("/desk/on-call/"))


def test_a_shift_is_taken_off_or_ended_and_the_page_says_what_to_see_to(desk, programme, dee, clare):
    going_on, to_come = (
        shift(programme, dee, starts=NOON - dt.timedelta(hours=1)),
        shift(programme, clare, starts=NOON + dt.timedelta(days=2)),
    )
    page = text(desk.get("/desk/on-call/"))
    assert "End the shift of Dee Desk" in page and "Take off the shift of Clare Clinic" in page
    for one in (going_on, to_come):
        assert "is off the rota for that time" in text(desk.post(f"/desk/on-call/{one.pk}/end/", follow=True))
    going_on.refresh_from_db()
    assert going_on.ends_at == NOON
    assert "was over already" in text(desk.post(f"/desk/on-call/{going_on.pk}/end/", follow=True))
    assert desk.post(f"/desk/on-call/{to_come.pk}/end/").status_code == 404


def test_a_shift_whose_holder_lost_their_role_is_shown_as_not_told_and_can_be_taken_off(desk, programme, clare):
    there = shift(programme, clare)
    Membership.objects.filter(user=clare).update(ends_at=NOON)
    page = text(desk.get("/desk/on-call/"))
    assert "Nobody is on call now." in page and "Has no role at the desk any more, and is not told" in page
    desk.post(f"/desk/on-call/{there.pk}/end/")
    assert not OnCallShift.objects.exists()


def test_a_day_beyond_a_year_is_refused(desk, programme, dee):
    answer = desk.post("/desk/on-call/add/", NIGHT | who(programme, dee) | {"ends_on-year": "9999", "weeks": "3"})
    assert answer.status_code == 422 and "must be 3 February 2028 or earlier" in text(answer)


def test_the_rota_of_another_programme_is_not_there(desk, clare):
    other = ProgrammeFactory()
    there = shift(other, clare)
    assert desk.post(f"/desk/on-call/{there.pk}/end/").status_code == 404
    assert "Clare" not in text(desk.get("/desk/on-call/"))


YOU = "/desk/on-call/you/"


@pytest.fixture
def carried(monkeypatch):
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: "carried")


def test_whoever_is_at_the_desk_gives_a_number_which_is_tried_and_shown(desk, programme, dee, carried):
    wrong = desk.post(YOU, {"number": "2131"})
    assert wrong.status_code == 422 and "Enter a mobile number, like" in text(wrong)
    shift(programme, dee)
    page = text(desk.post(YOU, {"number": "07700 900 982"}, follow=True))
    assert "A text is on its way to 07700 900982." in page and "tel:+447700900982" in page
    assert Message.objects.get().kind == "number_try"
    ContactPoint.objects.filter(channel=Channel.TEXT).update(failed_at=NOON)
    assert "Texts to 07700 900982 do not arrive." in text(desk.get(YOU))
    desk.post(YOU, {"number": ""})
    assert not ContactPoint.objects.current().filter(channel=Channel.TEXT).exists()


def test_where_no_texts_are_carried_a_number_is_there_to_be_rung(desk, dee, monkeypatch):
    monkeypatch.delitem(SENDERS, "text", raising=False)
    assert "the number is there to be rung" in text(desk.get(YOU))
    assert "on its way" not in text(desk.post(YOU, {"number": "07700 900 982"}, follow=True))
    assert ContactPoint.objects.filter(person=dee.person, value="+447700900982").exists()
    assert not Message.objects.exists()


def test_the_number_of_somebody_who_takes_part_is_the_one_of_their_record(desk, programme, dee):
    ParticipantFactory(programme=programme, person=dee.person)
    ContactPointFactory(person=dee.person, channel=Channel.TEXT, value="+447700900983", preferred=False)
    page = text(desk.post(YOU, {"number": "07700 900 982"}))
    assert "07700 900983" in page and "You take part yourself" in page
    assert ContactPoint.objects.get(channel=Channel.TEXT).value == "+447700900983"
