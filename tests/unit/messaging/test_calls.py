import datetime as dt

import pytest
import time_machine
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

from messaging.calls import LASTS, call_in_hand, end_call, note_call
from messaging.models import Call, CallEnd, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(dee, pat):
    def note(caller=Caller.SELF, checked=("born", "postcode"), **more):
        fields = {"programme": pat.programme, "about": pat.person, "by": dee.person, **more}
        return note_call(caller=caller, checked=checked, **fields)

    return note


@pytest.mark.parametrize(
    ("caller", "checked", "identified"),
    [
        (Caller.SELF, ("born", "postcode"), True),
        (Caller.SELF, ("born", "postcode", "reference"), True),
        (Caller.SELF, ("born",), False),
        (Caller.SELF, ("born", "born"), False),
        (Caller.SELF, (), False),
        (Caller.OTHER, ("born", "postcode", "reference"), False),
    ],
)
def test_two_facts_identify_the_person_and_nothing_a_stranger(note, caller, checked, identified):
    call = note(caller, checked)
    assert (call.identified, call.checked) == (identified, sorted(set(checked)))


def test_a_call_holds_for_its_own_clerk_and_half_an_hour(note, dee, clare):
    call = note()
    assert call_in_hand(by=dee.person, pk=call.pk) == call
    assert call_in_hand(by=clare.person, pk=call.pk) is None
    with time_machine.travel(timezone.now() + LASTS - dt.timedelta(seconds=5)):
        assert call_in_hand(by=dee.person, pk=call.pk) == call
    with time_machine.travel(timezone.now() + LASTS):
        assert call_in_hand(by=dee.person, pk=call.pk) is None


def test_the_next_caller_ends_the_call_before_and_a_call_ends_once(note, dee, quinn):
    first = note()
    second = note(about=quinn.person)
    assert call_in_hand(by=dee.person, pk=first.pk) is None
    assert (end_call(by=dee.person), end_call(by=dee.person)) == (1, 0)
    assert call_in_hand(by=dee.person, pk=second.pk) is None
    assert CallEnd.objects.count() == 2


def test_what_was_noted_is_never_changed_or_removed(note):
    call = note()
    for change in (lambda: Call.objects.update(identified=False), call.delete):
        with pytest.raises(Error), transaction.atomic():
            change()


@pytest.mark.parametrize("wrong", [{"caller": "helper"}, {"caller": "other"}, {"caller": "stranger"}])
def test_the_database_refuses_what_can_never_be(note, wrong):
    call = note()
    call.pk = None
    for name, value in wrong.items():
        setattr(call, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        call.save(force_insert=True)
