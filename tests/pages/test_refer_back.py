"""Referring somebody back to the clinical team: from a register, from their page, and what the team reads."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AccessLog
from messaging.models import Task
from participants.health import clearance_of
from participants.models import ParticipantStatus, ReferBack
from participants.refer_back import refer_back
from tests.factories.classes import BookingFactory, GuestFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(programme, ines):
    return SessionFactory(programme=programme, leader=ines)


def text_of(answer):
    return answer.content.decode()


def typed(**differs):
    return {"id": str(uuid4()), "why": "Out of breath after two minutes."} | differs


def test_an_instructor_refers_back_somebody_of_the_register(session, ines, pat, quinn, sign_in):
    place = BookingFactory(session=session, participant=pat)
    bare, known = GuestFactory(session=session), GuestFactory(session=session, name="", participant=quinn)
    teacher, page = sign_in(ines.person.user), reverse("teach:refer_back", args=[session.pk])
    shown = text_of(teacher.get(page))
    assert f'value="b{place.pk}"' in shown and f'value="g{known.pk}"' in shown and f'value="g{bare.pk}"' not in shown
    teacher.post(page, typed(who=f"b{place.pk}"))
    assert ReferBack.objects.get().participant == pat and clearance_of(pat).state == "needs_review"
    assert Task.objects.get(kind="refer_back").about == pat.person


def test_what_is_wrong_keeps_what_was_typed_and_sending_twice_sends_once(session, ines, pat, sign_in):
    place = BookingFactory(session=session, participant=pat)
    teacher, page = sign_in(ines.person.user), reverse("teach:refer_back", args=[session.pk])
    wrong = teacher.post(page, typed(who=""))
    assert wrong.status_code == 422 and "Out of breath" in text_of(wrong)
    given = typed(who=f"b{place.pk}")
    for _ in range(2):
        teacher.post(page, given)
    assert ReferBack.objects.count() == 1
    other = teacher.post(page, given | {"why": "Something else."})
    assert other.status_code == 422 and "Something else." in text_of(other)


def test_whoever_was_referred_back_reads_that_we_want_to_talk_and_not_that_they_have_nothing_to_do(
    programme, pat, sam, ines, sign_in
):
    place, other = (
        BookingFactory(session=SessionFactory(programme=programme), participant=pat),
        SessionFactory(programme=programme),
    )
    refer_back(participant=pat, why="Out of breath.", id=uuid4(), by=ines.person)
    browser = sign_in(pat.person.user)
    for page in (f"/me/bookings/{place.pk}/", f"/classes/{other.pk}/"):
        shown = text_of(browser.get(page))
        assert "Please do not come to a class until then." in shown and "do not need to do anything" not in shown
    assert "You cannot book until we have talked." in text_of(browser.get("/me/health/"))
    helper = sign_in(sam)
    helper.post(f"/me/act-for/{pat.pk}/")
    shown = text_of(helper.get(f"/classes/{other.pk}/"))
    assert "Until then Pat cannot come to a class." in shown and "do not need to do anything" not in shown


def test_who_leads_a_class_is_not_offered_themselves(session, ines, programme, sign_in):
    own = BookingFactory(session=session, participant=ParticipantFactory(person=ines.person, programme=programme))
    shown = text_of(sign_in(ines.person.user).get(reverse("teach:refer_back", args=[session.pk])))
    assert f'value="b{own.pk}"' not in shown


def test_the_desk_refers_back_and_the_clinical_team_reads_why(dee, clare, pat, sign_in):
    desk = sign_in(dee)
    assert desk.post(reverse("desk:refer_back", args=[pat.pk]), typed())["Location"] == f"/desk/people/{pat.pk}/"
    referred = ReferBack.objects.get()
    page = reverse("desk:referred_back", args=[referred.pk])
    assert desk.get(page).status_code == 403  # the right object, and not the right role
    team = sign_in(clare)
    shown = text_of(team.get(page))
    assert "Out of breath after two minutes." in shown and reverse("desk:review_clearance", args=[pat.pk]) in shown
    assert AccessLog.objects.filter(target=pat.person, what="referred back", by=clare.person).count() == 1


def test_a_decision_ends_it_and_it_is_read_so(dee, clare, pat, sign_in):
    sign_in(dee).post(reverse("desk:refer_back", args=[pat.pk]), typed())
    team = sign_in(clare)
    decide = reverse("desk:review_clearance", args=[pat.pk])
    assert "referred back" in text_of(team.get(decide)).lower()
    team.post(decide, {"reviewed": clearance_of(pat).pk, "state": "cleared", "note": "Spoke with her team."})
    shown = text_of(team.get(reverse("desk:referred_back", args=[ReferBack.objects.get().pk])))
    assert "Cleared again" in shown and decide not in shown
    assert not Task.objects.to_do().filter(kind="refer_back").exists()


def test_who_takes_part_no_more_is_refused_in_words(dee, pat, sign_in):
    type(pat).objects.filter(pk=pat.pk).update(status=ParticipantStatus.WITHDRAWN)
    answer = sign_in(dee).post(reverse("desk:refer_back", args=[pat.pk]), typed())
    assert answer.status_code == 409 and "does not take part any more" in text_of(answer)


def test_the_person_reads_that_somebody_will_talk_with_them_and_not_why(dee, pat, sign_in):
    sign_in(dee).post(reverse("desk:refer_back", args=[pat.pk]), typed())
    page = text_of(sign_in(pat.person.user).get(reverse("me:health")))
    assert "would like to talk with you" in page and "Out of breath" not in page
