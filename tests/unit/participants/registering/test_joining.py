import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Channel, ContactPoint, Membership, User
from participants.models import (
    AccessNeed,
    Clearance,
    ConsentText,
    EligibilityDecision,
    Enrolment,
    Equality,
    HealthProfile,
    Participant,
)
from participants.registering import intake
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db


def join(registration):
    return intake.submit_registration(registration=registration)


def test_without_email_there_is_no_login_and_no_membership(draft):
    participant = join(draft(email="", phone="+441632960222", may_leave_message=True))
    assert not User.objects.filter(person=participant.person).exists() and not Membership.objects.exists()
    point = ContactPoint.objects.get(person=participant.person)
    assert (point.channel, point.may_leave_message, point.preferred) == (Channel.PHONE, True, True)


def test_without_an_email_address_of_their_own_somebody_signs_in_with_their_mobile(draft):
    first = join(draft(email="", mobile="+447700900222", preferred="text"))
    assert User.objects.get(mobile="+447700900222").person == first.person
    join(draft())
    shares = join(draft(given_name="Al", email="JO@example.org", mobile="+447700900223"))
    assert (shares.person.user.email, str(shares.person.user.mobile)) == (None, "+447700900223")
    both = join(draft(given_name="Cy", email="JO@example.org", mobile="+447700900222"))
    assert not User.objects.filter(person=both.person).exists()


def test_a_mobile_of_ones_own_works_whether_or_not_a_stranger_has_the_email_address(draft):
    """Otherwise it would tell whoever registers with it who is known here."""
    numbers = {}
    for email in ("nobody@example.org", "taken@example.org"):
        UserFactory(email="taken@example.org") if email.startswith("taken") else None
        number = f"+4477009002{len(numbers)}0"
        login = join(draft(email=email, mobile=number, preferred="text")).person.user
        numbers[email] = (str(login.mobile), login.memberships.count())
        assert login.email == (email if email.startswith("nobody") else None)
    assert list(numbers.values()) == [("+447700900200", 1), ("+447700900210", 1)]
    lent = join(draft(given_name="Di", email="di@example.org", mobile="+447700900200"))
    assert (lent.person.user.email, lent.person.user.mobile) == ("di@example.org", None)


def test_two_people_share_an_address_and_the_first_one_signs_in(draft):
    first, second = join(draft()), join(draft(given_name="Al", email="JO@example.org"))
    assert User.objects.get().person == first.person
    assert Participant.objects.count() == 2 and second.person != first.person


def test_an_address_taken_in_the_same_moment_costs_nobody_their_place(draft, monkeypatch):
    registration = draft()
    manager = type(User.objects)
    create = manager.create_user

    def somebody_is_first(users, *, person, email):
        create(users, person=PersonFactory(), email=email)
        return create(users, person=person, email=email)

    monkeypatch.setattr(manager, "create_user", somebody_is_first)
    participant = join(registration)
    assert not User.objects.filter(person=participant.person).exists() and not Membership.objects.exists()


def test_an_address_that_staff_sign_in_with_is_left_alone(draft):
    UserFactory(email="jo@example.org")
    assert not User.objects.filter(person=join(draft()).person).exists()


def test_needs_are_recorded_with_who_said_so_and_when_to_ask_again(draft):
    participant = join(draft(needs=["braille", "other"], need_other="a quiet room", share_needs=True))
    needs = {need.kind: need for need in AccessNeed.objects.filter(person=participant.person)}
    assert needs["other"].detail == "a quiet room" and needs["braille"].share_with_instructors
    assert needs["braille"].recorded_by == participant.person
    assert needs["braille"].review_on > timezone.localdate() + dt.timedelta(days=360)


def test_the_same_person_may_not_join_one_programme_twice_by_one_draft(draft):
    registration = draft()
    assert join(registration) == join(registration)


def test_rows_say_what_they_are_without_saying_whose(draft):
    participant = join(draft(area="Hampshire", needs=["braille"]))
    registration = participant.registrations.get()
    words = [
        str(participant),
        str(registration),
        str(Clearance.objects.get()),
        str(HealthProfile.objects.get()),
        str(EligibilityDecision.objects.get()),
        str(Enrolment.objects.get()),
        str(AccessNeed.objects.get()),
        str(ConsentText.objects.first()),
        str(participant.consent_events.first()),
        str(Equality(participant=participant)),
        str(participant.programme.phases.first()),
        str(participant.programme.timepoints.first()),
        str(participant.enrolments.get().pauses.model(starts_on=timezone.localdate())),
        str(participant.supporters.model(participant=participant)),
    ]
    assert all(words) and not any("Invented" in word or "Jo" in word for word in words)


@pytest.mark.parametrize(("days", "stands"), [(-31, False), (-30, True), (0, True), (150, True), (151, False)])
def test_a_clearance_stands_on_both_of_its_days(pat, days, stands):
    clearance = Clearance.objects.get(participant=pat)
    assert clearance.allows(timezone.localdate() + dt.timedelta(days=days)) is stands


@pytest.mark.parametrize("state", ["needs_review", "paused", "not_suitable"])
def test_no_other_state_lets_anybody_in(pat, state):
    assert not ClearanceFactory(participant=pat, state=state).allows(timezone.localdate())


def test_an_enrolment_covers_its_days(pat):
    today = timezone.localdate()
    enrolment = Enrolment.objects.get(participant=pat)
    assert enrolment.covers(today) and not enrolment.covers(today - dt.timedelta(days=31))
    enrolment.ends_on = today
    assert enrolment.covers(today) and not enrolment.covers(today + dt.timedelta(days=1))


def test_needs_for_instructors_are_those_that_may_be_shared(draft):
    shared = join(draft(needs=["braille"], share_needs=True))
    join(draft(needs=["audio"], share_needs=False))
    assert [need.person for need in AccessNeed.objects.all().shared_with_instructors()] == [shared.person]


def test_nobody_signed_in_sees_no_participant(pat):
    for nobody in (None, object()):
        assert not Participant.objects.visible_to(nobody)
