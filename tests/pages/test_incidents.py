"""Reporting an incident from a register, the receipt, and looking into it at the desk."""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLog
from classes.incident_rules import Harm
from classes.incidents import add_to_incident, report_incident, review_task_of
from classes.models import Incident, IncidentAddendum, IncidentReview, Session
from classes.models.booking import NOT_WELL_TODAY
from classes.timetable import cancel_session
from messaging.models import Task
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.incidents import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(programme, ines):
    return SessionFactory(programme=programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=20))


@pytest.fixture
def teacher(session, ines, sign_in):
    return sign_in(ines.person.user)


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def reported(session, ines):
    def reported(**differs):
        return report_incident(session=session, report=written(**differs), by=ines.person)

    return reported


def text_of(answer):
    return answer.content.decode()


def typed(session, **differs):
    at = timezone.localtime(session.starts_at)
    plain = {
        **{"id": str(uuid4()), "kind": "incident", "who": "", "harm": "low", "called_999": "no"},
        **{"what_happened": "She slipped.", "what_was_done": "We sat her down."},
        **{"on-day": at.day, "on-month": at.month, "on-year": at.year, "time": f"{at:%H:%M}"},
    }
    return plain | differs


def send(browser, session, **differs):
    return browser.post(reverse("teach:report_incident", args=[session.pk]), typed(session, **differs))


def test_the_register_leads_to_the_form_in_one_tap_and_999_stands_first(teacher, session):
    page = text_of(teacher.get(reverse("teach:register", args=[session.pk])))
    address = reverse("teach:report_incident", args=[session.pk])
    assert f'href="{address}"' in page
    form = text_of(teacher.get(address))
    assert form.index("tel:999") < form.index('name="what_happened"') and "18000" in form


def test_the_receipt_says_who_is_being_told_until_when_and_the_reference(teacher, session, dee, pat):
    place = BookingFactory(session=session, participant=pat)
    answer = send(teacher, session, harm="severe", called_999="yes", who=f"b{place.pk}")
    incident = Incident.objects.get()
    assert answer["Location"] == reverse("teach:incident", args=[incident.pk])
    page = text_of(teacher.get(answer["Location"]))
    assert "Dee Desk is being told now." in page and incident.reference in page
    assert "Pat Example" in page and "She slipped." in page and "It cannot be changed." in page


def test_whatever_is_wrong_everything_that_was_typed_stays(teacher, session):
    answer = send(teacher, session, kind="near_miss", called_999="", what_was_done="Dried it.", time="5:40am")
    page = text_of(answer)
    assert answer.status_code == 422 and "Select whether 999 was called" in page
    for kept in ("She slipped.", "Dried it.", "5:40am"):
        assert kept in page
    assert re.search(r'value="near_miss"[^>]*checked', page)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("differs", "says"),
    [
        ({"kind": "near_miss"}, "A near miss did no harm"),
        ({"on-year": timezone.localdate().year - 1}, "That is long before this class"),
        ({"what_happened": " "}, "Write what happened"),
        ({"who": "b999"}, "Select an answer from the list"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(teacher, session, differs, says):
    answer = send(teacher, session, **differs)
    assert answer.status_code == 422 and says in text_of(answer)


def test_pressing_twice_sends_one_report_and_other_words_under_its_id_are_not_lost(teacher, session):
    id = str(uuid4())
    first, again = (send(teacher, session, id=id) for _ in range(2))
    assert first["Location"] == again["Location"] and Incident.objects.count() == 1
    other = send(teacher, session, id=id, what_happened="Something else.")
    assert other.status_code == 422 and "Something else." in text_of(other)


def test_the_reporter_adds_to_it_and_nothing_else(teacher, reported, ines):
    incident = reported()
    receipt = reverse("teach:incident", args=[incident.pk])
    teacher.post(receipt, {"id": str(uuid4()), "words": "It was the left leg."})
    assert IncidentAddendum.objects.get().by == ines.person
    assert "It was the left leg." in text_of(teacher.get(receipt))
    assert teacher.post(receipt, {"id": str(uuid4()), "words": ""}).status_code == 422
    addendum = IncidentAddendum.objects.get()
    assert teacher.post(receipt, {"id": str(addendum.pk), "words": "Other"}).status_code == 422


def test_what_a_report_says_is_closed_to_who_wrote_it_48_hours_after_the_class(teacher, reported, session, dee):
    incident = reported()
    add_to_incident(incident=incident, id=uuid4(), words="The desk heard that it was a faint.", by=dee.person)
    receipt = reverse("teach:incident", args=[incident.pk])
    told = (incident.what_happened, incident.what_was_done, "a faint", "999 was called", "No harm")
    with time_machine.travel(session.ends_at + dt.timedelta(hours=47)):
        assert all(words in text_of(teacher.get(receipt)) for words in told)
    with time_machine.travel(session.ends_at + dt.timedelta(hours=48)):
        found = text_of(teacher.get(receipt))
        assert not [words for words in told if words in found]
        assert incident.reference in found and "Sent " in found and "48 hours after the class" in found
        teacher.post(receipt, {"id": str(uuid4()), "words": "She is well again."})
    assert IncidentAddendum.objects.count() == 2, "more can be added"


def test_who_leads_the_class_no_more_opens_neither_the_form_nor_the_report(teacher, session, reported):
    incident = reported()
    assert f"/teach/incidents/{incident.pk}/" in text_of(teacher.get(reverse("teach:session", args=[session.pk])))
    session.leaders.update(active=False)
    assert teacher.get(reverse("teach:incident", args=[incident.pk])).status_code == 404
    assert teacher.get(reverse("teach:report_incident", args=[session.pk])).status_code == 404


def test_whoever_had_a_place_in_a_class_that_was_called_off_can_be_named(session, teacher, pat, quinn, ines):
    place = BookingFactory(session=session, participant=pat)
    BookingFactory(session=session, participant=quinn, state="waiting")
    cancel_session(session=session, reason="Somebody fell", by=ines.person)
    page = reverse("teach:report_incident", args=[session.pk])
    shown = text_of(teacher.get(page))
    assert f'value="b{place.pk}"' in shown and "Quinn" not in shown
    teacher.post(page, typed(session, who=f"b{place.pk}"))
    assert Incident.objects.get().participant == pat


def test_who_led_a_class_that_was_cancelled_under_way_reports_for_two_weeks(session, reported, ines, ivor, sign_in):
    session.leaders.update(instructor=ivor, active=False)
    session.leaders.create(instructor=ines, during=(session.starts_at, session.ends_at))
    teacher, incident = sign_in(ines.person.user), reported()
    cancel_session(session=session, reason="Somebody fell", by=ines.person)
    pages = [
        reverse("teach:incident", args=[incident.pk]),
        *(reverse(f"teach:{name}", args=[session.pk]) for name in ("report_incident", "refer_back", "raise_concern")),
    ]
    assert pages[1] in text_of(teacher.get(reverse("teach:session", args=[session.pk])))
    assert [teacher.get(page).status_code for page in pages] == [200] * 4
    other = sign_in(ivor.person.user)
    assert [other.get(page).status_code for page in pages] == [404] * 4, "replaced before it was called off"
    length = session.ends_at - session.starts_at
    long_ago = timezone.now() - dt.timedelta(days=15)
    Session.objects.filter(pk=session.pk).update(starts_at=long_ago, ends_at=long_ago + length)
    assert [teacher.get(page).status_code for page in pages] == [404] * 4


def test_whom_todays_check_stopped_and_who_was_marked_without_a_place_can_be_named(teacher, session, pat, quinn):
    over = {"session": session, "state": "cancelled", "ended_at": timezone.now()}
    stopped = BookingFactory(participant=pat, end_reason=NOT_WELL_TODAY, **over)
    gave_up = BookingFactory(participant=quinn, end_reason="asked", **over)
    form = text_of(teacher.get(reverse("teach:report_incident", args=[session.pk])))
    assert f'value="b{stopped.pk}"' in form and f'value="b{gave_up.pk}"' not in form
    AttendanceFactory(booking=gave_up)
    for name in ("report_incident", "refer_back", "raise_concern"):
        form = text_of(teacher.get(reverse(f"teach:{name}", args=[session.pk])))
        assert f'value="b{stopped.pk}"' in form and f'value="b{gave_up.pk}"' in form


def test_nobody_on_call_who_can_be_written_to_is_said_with_our_number_once(teacher, session):
    page = text_of(teacher.get(send(teacher, session, harm="severe")["Location"]))
    notice = page[page.index("Nobody on call can be written to") : page.index("What you wrote")]
    assert notice.count('href="tel:') == 1


def test_the_desk_sees_what_is_open_the_overdue_one_first(desk, reported, dee):
    late, soon, closed = reported(harm=Harm.LOW), reported(harm=Harm.SEVERE), reported()
    Task.objects.filter(pk=review_task_of(late).pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    desk.post(reverse("desk:incident", args=[closed.pk]), {"outcome": "changed", "learned": "A mat."})
    page = text_of(desk.get(reverse("desk:incidents")))
    assert page.index(late.reference) < page.index(soon.reference) and closed.reference not in page
    assert "Overdue by 24 hours" in page and "Dee Desk is asked to" in page
    shown = text_of(desk.get(reverse("desk:incidents"), {"show": "closed"}))
    assert closed.reference in shown and late.reference not in shown
    severe = text_of(desk.get(reverse("desk:incidents"), {"show": "every", "harm": "severe"}))
    assert soon.reference in severe and late.reference not in severe


def test_an_empty_list_says_what_comes_here(desk):
    assert "No incident is open." in text_of(desk.get(reverse("desk:incidents")))
    assert "There may be others." in text_of(desk.get(reverse("desk:incidents"), {"harm": "fatal"}))


def test_closing_needs_words_and_what_was_found_stays_to_be_read(desk, reported, dee):
    incident = reported()
    page = reverse("desk:incident", args=[incident.pk])
    refused = desk.post(page, {"outcome": "changed", "learned": ""})
    assert refused.status_code == 422 and not IncidentReview.objects.exists()
    desk.post(page, {"outcome": "changed", "learned": "A mat lies by the door."})
    shown = text_of(desk.get(page))
    assert "A mat lies by the door." in shown and "Closed: something was changed" in shown and "Dee Desk" in shown
    assert review_task_of(incident) is None


def test_the_desk_adds_to_a_report_too(desk, reported, dee):
    incident = reported()
    address = reverse("desk:add_to_incident", args=[incident.pk])
    desk.post(address, {"id": str(uuid4()), "words": "Her daughter rang."})
    assert IncidentAddendum.objects.get().by == dee.person
    assert desk.post(address, {"words": ""}).status_code == 422
    same = {"id": str(IncidentAddendum.objects.get().pk), "words": "Other words"}
    assert desk.post(address, same).status_code == 422


def test_opening_a_report_about_somebody_is_logged(desk, reported, session, pat):
    incident = reported(booking_id=BookingFactory(session=session, participant=pat).pk)
    desk.get(reverse("desk:incident", args=[incident.pk]))
    assert AccessLog.objects.filter(target=pat.person, what="incident").count() == 1


def test_its_task_leads_to_it(desk, reported, dee):
    incident = reported(harm=Harm.SEVERE)
    task = review_task_of(incident)
    page = text_of(desk.get(reverse("desk:task", args=[task.pk])))
    assert reverse("desk:incident", args=[incident.pk]) in page
    desk.post(reverse("desk:task", args=[task.pk]), {"outcome": "goes_on"})
    assert review_task_of(incident).owner == dee.person


def test_the_summary_holds_counts_and_times_and_nobody(desk, reported, session, pat):
    place = BookingFactory(session=session, participant=pat)
    incident = reported(booking_id=place.pk, harm=Harm.LOW, what_happened="=CANARY()")
    desk.post(reverse("desk:incident", args=[incident.pk]), {"outcome": "changed", "learned": "CANARY"})
    answer = desk.get(reverse("desk:safety_summary"))
    lines = text_of(answer).splitlines()
    assert lines[0].startswith("quarter,kind,harm,incidents,acknowledged")
    assert len(lines) == 2 and ",incident,low,1,1,0,1,1,0" in lines[1]
    for hidden in ("CANARY", "Pat", session.class_type.name, incident.reference):
        assert hidden not in text_of(answer)
    assert answer["Content-Disposition"].startswith("attachment")
