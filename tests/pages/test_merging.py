"""Putting two records together at the desk: what is read before, the button, and the way back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from classes.judging.refusals import TryAgain
from classes.models import BookingState
from frontend.views.desk import merging
from participants.models import Participant, ParticipantStatus
from records.models import Merge
from tests.factories.accounts import MembershipFactory, PersonFactory, ProgrammeFactory, UserFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.records import merged, person_twice

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(pat):
    return ParticipantFactory(person=PersonFactory(given_name="Pat", family_name="Example"), programme=pat.programme)


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def page_of(keep, other):
    pair = "-".join(map(str, sorted((keep.pk, other.pk))))
    return reverse("desk:merge", args=[pair, keep.pk])


def fingerprint_on(answer):
    return re.search(r'name="looked_at" value="(\w{64})"', answer.content.decode())[1]


def test_the_page_says_what_the_button_does_and_then_it_is_done_and_undone(programme, dee, sign_in):
    keep, gone = person_twice(programme, dee.person)
    desk, page = sign_in(dee), page_of(keep, gone)
    shown = desk.get(page)
    words = text_of(shown)
    for said in (
        "4 places and turns in classes", "1 goal", "other entries", "nobody is there twice", "is closed and signed out",
        "What was sent first counts", "helps on both records", "They help", "kept aside", "is on both records",
        "The time that began first counts", "the other stops",
    ):  # fmt: skip
        assert said in words, said
    assert "concern" not in words.lower()
    done = desk.post(page, {"looked_at": fingerprint_on(shown)}, follow=True)
    words = text_of(done)
    assert "Put together. It can be undone for 30 days." in words
    assert "places and turns in classes" in words and "Places and turns that come back" in words
    merge = Merge.objects.standing().get()
    at_person = desk.get(reverse("desk:person", args=[keep.pk])).content.decode()
    assert reverse("desk:merged", args=[merge.pk]) in at_person
    found = desk.post(reverse("desk:people"), {"said": gone.reference}).content.decode()
    assert reverse("desk:person", args=[keep.pk]) in found
    assert desk.get(reverse("desk:timeline", args=[keep.pk])).status_code == 200
    undone = desk.post(reverse("desk:undo_merge", args=[merge.pk]), follow=True)
    assert "They are two records again" in text_of(undone) and "Undone by" in text_of(undone)
    assert "undone before" in text_of(desk.post(reverse("desk:undo_merge", args=[merge.pk]), follow=True))
    assert Participant.objects.filter(pk=gone.pk).exists()


def test_what_changed_since_it_was_read_is_shown_anew_and_nothing_is_done(pat, newer, dee, sign_in):
    desk, page = sign_in(dee), page_of(pat, newer)
    seen = fingerprint_on(desk.get(page))
    BookingFactory(session=SessionFactory(programme=pat.programme), participant=newer, state=BookingState.WAITING)
    answer = desk.post(page, {"looked_at": seen})
    assert answer.status_code == 409
    assert "has changed since you read this page" in text_of(answer)
    assert fingerprint_on(answer) != seen
    assert not Merge.objects.exists()


def test_what_must_be_seen_to_first_is_said_without_a_button(pat, newer, dee, sign_in):
    Participant.objects.filter(pk=newer.pk).update(status=ParticipantStatus.PAUSED)
    words = text_of(sign_in(dee).get(page_of(pat, newer)))
    assert "Only one of them is on a break" in words and "looked_at" not in words


def test_a_busy_class_is_said_so_both_ways(pat, newer, dee, sign_in, monkeypatch):
    desk = sign_in(dee)
    merge = merged(pat, newer, dee.person)

    def busy(**given):
        raise TryAgain

    monkeypatch.setattr(merging, "undo_merge", busy)
    assert "busy at this moment" in text_of(desk.post(reverse("desk:undo_merge", args=[merge.pk]), follow=True))
    third = ParticipantFactory(programme=pat.programme)
    monkeypatch.setattr(merging, "merge_records", busy)
    assert "busy at this moment" in text_of(desk.post(page_of(pat, third), {"looked_at": "0"}))


def test_what_stays_and_what_is_lost_is_read_before_it_is_undone(pat, newer, dee, sign_in):
    starts_at = timezone.now() + dt.timedelta(days=5)
    full = SessionFactory(programme=pat.programme, capacity=2, places_taken=2, starts_at=starts_at)
    for one in (pat, newer):
        BookingFactory(session=full, participant=one)
    merge = merged(pat, newer, dee.person)
    full.places_taken = 2
    full.save()
    BookingFactory(session=SessionFactory(programme=pat.programme), participant=pat)
    words = text_of(sign_in(dee).get(reverse("desk:merged", args=[merge.pk])))
    assert "Somebody else has them now." in words and "1 place or turn" in words


def test_after_30_days_the_page_says_that_it_stays_so(pat, newer, dee, sign_in):
    merge = merged(pat, newer, dee.person)
    for days, words in ((30.5, "these have passed"), (29.5, "Today is the last day")):
        Merge.objects.filter(pk=merge.pk).update(at=timezone.now() - dt.timedelta(days=days))
        assert words in text_of(sign_in(dee).get(reverse("desk:merged", args=[merge.pk])))


def test_another_record_is_named_by_its_reference(pat, newer, dee, sign_in):
    desk, page = sign_in(dee), reverse("desk:other_record", args=[pat.pk])
    Participant.objects.filter(pk=newer.pk).update(reference="SF-2K4M-7PQR")
    led = desk.post(page, {"reference": " sf 2k4m 7pqr "})
    assert led["Location"] == reverse("desk:same_person", args=[f"{pat.pk}-{newer.pk}"])
    elsewhere = ParticipantFactory(programme=ProgrammeFactory())
    for reference in (pat.reference, elsewhere.reference, "SF-NONE"):
        assert "No other record of this programme" in text_of(desk.post(page, {"reference": reference}))


def test_a_record_that_is_no_part_of_the_pair_and_a_merge_of_another_desk_are_not_there(pat, newer, dee, sign_in):
    desk = sign_in(dee)
    third = ParticipantFactory(programme=pat.programme)
    assert desk.get(reverse("desk:merge", args=[f"{pat.pk}-{newer.pk}", third.pk])).status_code == 404
    merge = merged(pat, newer, dee.person)
    other = UserFactory()
    MembershipFactory(user=other, role="coordinator", programme=ProgrammeFactory())
    assert sign_in(other).get(reverse("desk:merged", args=[merge.pk])).status_code == 404


def test_a_name_beside_a_former_reference_finds_nobody(pat, newer, dee, sign_in):
    merged(pat, newer, dee.person)
    found = sign_in(dee).post(reverse("desk:people"), {"said": f"Somebody {newer.reference}"})
    assert "No people found" in text_of(found)
