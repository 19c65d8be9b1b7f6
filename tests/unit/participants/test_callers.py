import pytest
from django.utils import timezone

from messaging.models import Caller, Task
from participants.callers import Fact, NoLongerHelps, facts_on_record, helpers_now, note_caller
from participants.models import Supporter
from participants.support import change_scopes, end_support
from tests.factories.accounts import ContactPointFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(pat):
    """Pat, of whom something of each kind is held."""
    pat.postcode = "BH15 1AA"
    pat.save()
    for channel, value in (("phone", "+441632960444"), ("text", "+447700900982"), ("post", "1 Made Up Road")):
        ContactPointFactory(person=pat.person, channel=channel, value=value, preferred=False)
    return pat


def test_only_facts_that_are_held_are_asked_for(known, quinn):
    assert list(facts_on_record(known)) == list(Fact)
    assert facts_on_record(known)[Fact.PHONE] == ["+441632960444", "+447700900982"]
    quinn.person.date_of_birth, quinn.emergency_name = None, ""
    assert list(facts_on_record(quinn)) == [Fact.EMAIL, Fact.REFERENCE]


def test_the_person_is_known_by_two_facts_that_are_held(known, quinn, dee):
    assert note_caller(participant=known, caller=Caller.SELF, checked=["born", "postcode"], by=dee.person).identified
    untrue = note_caller(participant=quinn, caller=Caller.SELF, checked=["postcode", "born", "shoes"], by=dee.person)
    assert (untrue.checked, untrue.identified) == (["born"], False)


def test_whoever_was_called_on_a_number_on_record_is_known_by_one_more(known, dee):
    task = Task.objects.create(
        programme=known.programme, kind="call", about=known.person, due_at=timezone.now(), dedupe_key="x"
    )
    only_the_number = note_caller(participant=known, caller=Caller.SELF, checked=["phone"], task=task, by=dee.person)
    assert (only_the_number.checked, only_the_number.identified) == (["dialled"], False)
    one_more = note_caller(participant=known, caller=Caller.SELF, checked=["born"], task=task, by=dee.person)
    assert (one_more.checked, one_more.identified, one_more.task) == (["born", "dialled"], True, task)


def test_a_number_that_nobody_dialled_is_no_fact(known, dee):
    call = note_caller(participant=known, caller=Caller.SELF, checked=["born", "dialled"], by=dee.person)
    assert not call.identified


def test_a_helper_is_kept_with_what_they_might_do_then(known, sam, dee):
    row = Supporter.objects.get(person=sam.person)
    call = note_caller(
        participant=known, caller=Caller.HELPER, helper=sam.person, checked=["born", "reference"], by=dee.person
    )
    change_scopes(supporter=row, scopes=[], by=known.person)
    assert (call.helper, call.scopes, call.identified) == (sam.person, ["book"], True)


def test_who_helps_no_more_or_never_did_cannot_call_as_a_helper(known, sam, dee):
    row = Supporter.objects.get(person=sam.person)
    assert helpers_now(known) == [row]
    end_support(supporter=row, by=known.person)
    assert helpers_now(known) == []
    for helper in (sam.person, PersonFactory(), None):
        with pytest.raises(NoLongerHelps):
            note_caller(
                participant=known, caller=Caller.HELPER, helper=helper, checked=["born", "reference"], by=dee.person
            )
