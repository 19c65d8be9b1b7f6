"""The register of an online class: where everybody is, what to do when somebody drops out of view, and asking aloud."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AccessLog
from classes.models import Mode, Whereabouts
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_who_leads_reads_where_everybody_is_and_asks_whoever_has_not_said(ines, pat, sign_in):
    start = timezone.now() + dt.timedelta(minutes=10)
    session = SessionFactory(programme=ines.programme, leader=ines, mode=Mode.REMOTE, starts_at=start)
    place = BookingFactory(session=session, participant=pat)
    teacher, register = sign_in(ines.person.user), f"/teach/classes/{session.pk}/register/"
    words = " ".join(teacher.get(register).content.decode().split())
    assert "If somebody drops out of view" in words
    assert words.index("Look and call their name") < words.index("Ring them") < words.index("Call 999")
    assert "Nobody knows where Pat is today: ask before you start." in words
    page = f"/teach/classes/{session.pk}/where/b{place.pk}/"
    assert page in words and "Is anybody with Pat?" in teacher.get(page).content.decode()
    assert "Enter the address where Pat is" in teacher.post(page, {}).content.decode()
    said = {"address": "2 Sea Road, Poole", "phone": "01632 960777", "alone": "yes"}
    assert teacher.post(page, said)["Location"] == register
    words = " ".join(teacher.get(register).content.decode().split())
    assert "Not at home: 2 Sea Road, Poole" in words and "Alone" in words and "01632 960777" in words
    assert Whereabouts.objects.get().by == ines.person
    person = teacher.get("/teach/offline/registers/").json()["classes"][0]["people"][0]
    for kept in (person["notes"], person["where"]):  # "where" is what stands on the page for an emergency
        assert "Not at home: 2 Sea Road, Poole" in kept and "Ring 01632 960777" in kept
    assert person["address"]


def test_a_class_in_a_hall_has_none_of_it(ines, pat, sign_in):
    session = SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(minutes=10))
    place = BookingFactory(session=session, participant=pat)
    teacher = sign_in(ines.person.user)
    words = teacher.get(f"/teach/classes/{session.pk}/register/").content.decode()
    assert "drops out of view" not in words and "/where/" not in words
    assert teacher.get(f"/teach/classes/{session.pk}/where/b{place.pk}/").status_code == 404


def test_once_the_class_is_over_nobody_reads_it(ines, pat, sign_in):
    start = timezone.now() - dt.timedelta(hours=2)
    session = SessionFactory(programme=ines.programme, leader=ines, mode=Mode.REMOTE, starts_at=start)
    place, teacher = BookingFactory(session=session, participant=pat), sign_in(ines.person.user)
    page = f"/teach/classes/{session.pk}/where/b{place.pk}/"
    assert teacher.get(page)["Location"] == f"/teach/classes/{session.pk}/register/"
    assert not AccessLog.objects.filter(target=pat.person, what="contact").exists()
