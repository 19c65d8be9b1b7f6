import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404

from frontend.acting import (
    current_participant,
    is_acting_for_another,
    own_participant,
    start_acting_for,
    stop_acting,
)
from participants.models import SupporterScope
from participants.support import end_support

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(rf):
    def make(user):
        request = rf.get("/")
        request.user, request.session = user, SessionStore()
        return request

    return make


def test_a_page_is_about_oneself(request_of, pat):
    request = request_of(pat.person.user)
    assert current_participant(request) == own_participant(request) == pat
    assert not hasattr(request, "acting_for") and not is_acting_for_another(request)


def test_who_takes_no_part_has_no_page_about_themselves(request_of, sam):
    for find in (current_participant, own_participant):
        with pytest.raises(Http404):
            find(request_of(sam))


def test_a_supporter_acts_within_their_scope_under_a_banner(request_of, pat, sam):
    request = request_of(sam)
    start_acting_for(request, pat.pk)
    assert current_participant(request, SupporterScope.BOOK) == pat
    assert request.acting_for == "Pat" and is_acting_for_another(request)
    with pytest.raises(Http404):
        current_participant(request, SupporterScope.SCRIBE)
    assert is_acting_for_another(request)
    stop_acting(request)
    assert not is_acting_for_another(request)


def test_support_that_has_ended_is_gone_on_the_next_request(request_of, pat, sam):
    request = request_of(sam)
    start_acting_for(request, pat.pk)
    end_support(supporter=pat.supporters.get(), by=pat.person)
    with pytest.raises(Http404):
        current_participant(request, SupporterScope.BOOK)
    assert not is_acting_for_another(request)


def test_nobody_acts_for_a_stranger(request_of, quinn, sam):
    with pytest.raises(Http404):
        start_acting_for(request_of(sam), quinn.pk)


def test_the_desk_acts_for_its_people(request_of, pat, dee):
    request = request_of(dee)
    start_acting_for(request, pat.pk)
    assert current_participant(request, SupporterScope.BOOK) == pat
