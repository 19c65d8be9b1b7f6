"""Two records at the desk: compared side by side, and told apart."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.history import System
from accounts.models import AccessLog, Channel
from messaging.models import TaskState
from records.matching import ask_about_alike, pair_of
from tests.factories.accounts import ContactPointFactory, PersonFactory, ProgrammeFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def newer(pat):
    person = PersonFactory(given_name="Pat", family_name="Example")
    ContactPointFactory(person=person, channel=Channel.PHONE, value="+441632960111")
    return ParticipantFactory(person=person, programme=pat.programme, clearance=False)


def test_the_desk_compares_both_and_says_that_they_are_two_people(pat, newer, dee, sign_in):
    (task,) = ask_about_alike(by=System.WORKER)
    desk = sign_in(dee)
    page = reverse("desk:same_person", args=[pair_of(pat, newer).key])
    sheet = desk.get(reverse("desk:task", args=[task.pk])).content.decode()
    assert page in sheet and f"Pat Example, born 14 March 1958, reference {pat.reference}" in sheet
    shown = text_of(desk.get(page))
    assert "Probably the same" in shown and "01632 960111" in shown
    assert pat.reference in shown and newer.reference in shown
    assert set(AccessLog.objects.filter(what="records compared").values_list("target", flat=True)) == {
        pat.person_id,
        newer.person_id,
    }
    answer = desk.post(f"{page}two-people/", follow=True)
    assert "they are two people" in text_of(answer)
    task.refresh_from_db()
    assert task.state == TaskState.DONE
    shown = desk.get(page).content.decode()
    assert "Dee Desk said" in shown and "two-people/" not in shown


def test_a_task_about_somebody_who_has_gone_still_opens(pat, newer, dee, sign_in):
    (task,) = ask_about_alike(by=System.WORKER)
    task.context = {"key": f"{pat.pk}-999999"}
    task.save()
    assert "The two records" not in text_of(sign_in(dee).get(reverse("desk:task", args=[task.pk])))


def test_people_of_two_programmes_and_one_record_twice_are_no_pair(pat, dee, sign_in):
    other = ParticipantFactory(programme=ProgrammeFactory())
    desk = sign_in(dee)
    for pair in (f"{pat.pk}-{other.pk}", f"{pat.pk}-{pat.pk}", f"{pat.pk}", "a-b"):
        assert desk.get(reverse("desk:same_person", args=[pair])).status_code == 404
