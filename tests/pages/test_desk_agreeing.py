"""Consents by telephone: the exact words, a yes or no with who noted it, and what follows."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog
from participants import consents
from participants.content import install
from participants.health import clearance_of
from participants.models import ClearanceState, ConsentText, ParticipantStatus
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(programme):
    install(programme, System.COMMAND)


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def page(pat):
    return f"/desk/people/{pat.pk}/agreed/"


@pytest.fixture
def agreed(pat):
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    return pat


def text_of(answer):
    return answer.content.decode()


def test_each_consent_is_read_aloud_in_its_own_words(desk, dee, agreed, page):
    shown = text_of(desk.get(page))
    for kind in ("service", "health", "instructors", "summaries", "research", "studies", "recording"):
        assert f'href="{page}{kind}/"' in shown
    words = text_of(desk.get(f"{page}research/"))
    text = next(t for t in consents.current_texts(agreed.programme) if t.kind == "research")
    assert text.title in words and all(line in words for line in text.body.splitlines())
    assert "They no longer agree" in words
    assert AccessLog.objects.filter(what="consents", by=dee.person, target=agreed.person).count() == 2


def test_the_page_of_a_person_goes_from_what_is_needed_now_to_what_is_kept(desk, agreed):
    shown = text_of(desk.get(f"/desk/people/{agreed.pk}/"))
    order = (
        "Book a class for them", "Safe to take part?", "How to reach them", "In an emergency", "What they agreed to",
        "Using SafeFit", "Asking about your health", "Telling your instructors", "Writing to your clinical team",
        "About them", "A break, staying longer, or leaving", "Their record", "Is something wrong?",
    )  # fmt: skip
    places = [shown.index(words) for words in order]
    assert places == sorted(places)


def test_a_consent_is_taken_back_and_given_by_phone_and_kept_so(desk, dee, agreed, page):
    assert desk.post(f"{page}research/answer/", {"agrees": "no"})["Location"] == page
    assert "said no on" in text_of(desk.get(f"{page}research/"))
    desk.post(f"{page}research/answer/", {"agrees": "yes", "version": "1"})
    rows = consents.history_of(agreed).filter(text__kind="research")
    assert [(row.given, row.mode, row.by) for row in rows[:2]] == [
        (True, "desk", dee.person),
        (False, "desk", dee.person),
    ]
    assert "agreed on" in text_of(desk.get(f"{page}research/")) and "by phone" in text_of(desk.get(f"{page}research/"))


def test_a_yes_to_words_that_were_not_read_is_not_kept(desk, pat, page):
    ConsentText.objects.create(programme=pat.programme, kind="research", version=2, title="Other?", body="New words.")
    for version in ("1", ""):
        answer = desk.post(f"{page}research/answer/", {"agrees": "yes", "version": version}, follow=True)
        assert "These words are new" in text_of(answer) and "New words." in text_of(answer)
    assert not pat.consent_events.exists()
    desk.post(f"{page}research/answer/", {"agrees": "no", "version": "1"})
    assert pat.consent_events.get().given is False


def test_the_person_is_told_of_new_words_too(sign_in, pat):
    browser = sign_in(pat.person.user)
    answer = browser.post("/me/details/agreed/research/answer/", {"agrees": "yes", "version": "0"}, follow=True)
    assert "These words are new" in text_of(answer) and not pat.consent_events.exists()


def test_who_was_never_asked_can_say_no_at_once(desk, pat, page):
    shown = text_of(desk.get(f"{page}recording/"))
    assert "We have not asked Pat yet" in shown and "They say no" in shown
    assert "Not asked yet" in text_of(desk.get(page))
    desk.post(f"{page}recording/answer/", {"agrees": "no"})
    assert pat.consent_events.get().given is False


def test_without_the_service_the_desk_is_led_to_leaving(desk, agreed, page):
    assert "The next page says what leaving means" in text_of(desk.get(f"{page}service/"))
    answer = desk.post(f"{page}service/answer/", {"agrees": "no"}, follow=True)
    assert answer.redirect_chain[0][0] == f"/desk/people/{agreed.pk}/leave/"
    assert "Nothing was changed yet" in text_of(answer)
    agreed.refresh_from_db()
    assert agreed.status == ParticipantStatus.ACTIVE and consents.consents_in_force(agreed)["service"].given


def test_health_taken_back_by_phone_stops_clearance_as_the_page_said(desk, agreed, page):
    session = SessionFactory(programme=agreed.programme, starts_at=timezone.now() + dt.timedelta(days=5))
    place = BookingFactory(session=session, participant=agreed)
    assert "not cleared from that moment on" in text_of(desk.get(f"{page}health/"))
    desk.post(f"{page}health/answer/", {"agrees": "no"})
    place.refresh_from_db()
    assert clearance_of(agreed).state == ClearanceState.PAUSED and place.in_doubt_since is not None
    again = desk.post(f"{page}health/answer/", {"agrees": "yes", "version": "1"})
    assert again["Location"] == f"/desk/people/{agreed.pk}/health/"
    assert clearance_of(agreed).state == ClearanceState.PAUSED


def test_a_consent_that_is_not_there_is_not_found(desk, page):
    assert desk.get(f"{page}nothing/").status_code == desk.post(f"{page}nothing/answer/").status_code == 404


@pytest.mark.parametrize("said", [{}, {"agrees": ""}, {"agrees": "maybe"}])
def test_what_is_neither_yes_nor_no_changes_nothing(desk, agreed, page, said):
    answer = desk.post(f"{page}health/answer/", said, follow=True)
    assert "Nothing was changed: press one of the buttons." in text_of(answer)
    assert consents.consents_in_force(agreed)["health"].given
    own = Client()
    own.force_login(agreed.person.user)
    assert "Nothing was changed" in text_of(own.post("/me/details/agreed/health/answer/", said, follow=True))
    assert consents.consents_in_force(agreed)["health"].given


def test_nothing_is_noted_for_somebody_with_whom_all_contact_has_ended(desk, pat, page):
    pat.person.contact_stopped_at = timezone.now()
    pat.person.save()
    answer = desk.post(f"{page}research/answer/", {"agrees": "no"}, follow=True)
    assert "Nothing was changed" in text_of(answer) and not pat.consent_events.exists()
