import datetime as dt

import pytest
import time_machine

from accounts.models import ContactPoint, Membership, Person, User
from accounts.permissions import Permission, allows
from frontend.wording import day
from messaging.models import Message, MessageState
from messaging.words import words_now
from participants import access, notices, support
from participants.models import Participant, StopKind, Supporter, SupporterScope, SupporterStatus
from participants.models.supporter import INVITED_FOR
from participants.refusals import NotPossibleNow
from participants.taking_part import life, stops
from tests.factories.accounts import UserFactory, someone
from tests.factories.participants import on_the_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(pat):
    return support.invite_supporter(
        participant=pat,
        given_name="Sid",
        family_name="Son",
        email=" Sid@Example.org ",
        relationship="son",
        scopes=[SupporterScope.SEE_MESSAGES, SupporterScope.BOOK],
        by=pat.person,
    )


def token_of(supporter):
    """The token in the message, at the moment of sending."""
    message = Message.objects.get(kind=notices.SUPPORTER_INVITED, subject_id=supporter.pk)
    return notices._supporter_invited(message).context["link"].rstrip("/").rsplit("/", 1)[-1]


def test_an_invitation_opens_nothing_until_it_is_accepted(pat, invited):
    assert (invited.status, invited.scopes) == (SupporterStatus.INVITED, ["book", "see_messages"])
    assert invited.invited_email == "sid@example.org"
    assert not Supporter.objects.live().filter(pk=invited.pk).exists()
    assert ContactPoint.objects.get(person=invited.person).value == "sid@example.org"


def test_the_link_is_drawn_at_the_moment_of_sending_and_kept_only_as_a_hash(invited):
    first, second = token_of(invited), token_of(invited)
    assert support.invitation_behind(first) is None
    assert support.invitation_behind(second) == invited
    invited.refresh_from_db()
    assert second not in invited.invite_hash and len(invited.invite_hash) == 64


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.WITH_DESK])
def test_the_desk_reads_an_invitation_without_a_link_and_takes_no_power_from_the_one_that_was_sent(invited, state):
    token = token_of(invited)
    message = Message.objects.get(kind=notices.SUPPORTER_INVITED)
    message.state = state
    assert "/help/" not in words_now(message).body and "on the telephone" in words_now(message).body
    assert support.invitation_behind(token) == invited


def test_one_invitation_for_each_address(pat, invited):
    with pytest.raises(support.AlreadyHelps) as there:
        support.invite_supporter(
            participant=pat,
            given_name="S",
            family_name="S",
            email="sid@example.org",
            relationship="son",
            scopes=[SupporterScope.BOOK],
            by=pat.person,
        )
    assert there.value.supporter == invited


def test_accepting_gives_the_scopes_and_nothing_more(pat, invited):  # pitfalls 58
    user = support.open_login_for(invited)
    assert user.person == invited.person and support.open_login_for(invited) == user
    support.accept_invitation(supporter=invited, by=user.person)
    assert set(access.supported_by(user, SupporterScope.BOOK)) == {pat}
    assert not access.supported_by(user, SupporterScope.SCRIBE)
    assert set(Participant.objects.bookable_by(user)) == {pat}
    assert Membership.objects.filter(user=user, role="supporter", programme=pat.programme).exists()
    assert allows(User.objects.get(pk=user.pk), Permission.SUPPORT)
    assert [row.participant for row in access.supports_held_by(user)] == [pat]


def test_an_invitation_is_used_once(invited):
    user = support.open_login_for(invited)
    support.accept_invitation(supporter=invited, by=user.person)
    with pytest.raises(support.NoLongerInvited):
        support.accept_invitation(supporter=invited, by=user.person)


def test_somebody_who_has_a_login_accepts_with_it(pat, invited):
    known = UserFactory(email="SID@example.org")
    assert support.open_login_for(invited) == known
    accepted = support.accept_invitation(supporter=invited, by=known.person)
    assert accepted.person == known.person
    told = Message.objects.get(kind=notices.SUPPORTER_ACCEPTED, person=pat.person)
    said = words_now(told).body
    assert f"You invited Sid Son, and {known.person.full_name} said yes" in said and "* book and cancel classes" in said
    support.end_support(supporter=accepted, by=pat.person)
    told.refresh_from_db()
    assert told.state == MessageState.NOT_WANTED and words_now(told) is None


def test_who_helps_already_is_not_made_a_second_supporter(pat, sam, invited):
    with pytest.raises(support.AlreadyHelps):
        support.accept_invitation(supporter=invited, by=sam.person)


def test_ending_takes_everything_away_at_once_and_twice_is_harmless(pat, sam):
    supporter = Supporter.objects.get(participant=pat, person=sam.person)
    ended = support.end_support(supporter=supporter, by=pat.person)
    assert ended.status == SupporterStatus.ENDED and ended.ends_at
    assert not Participant.objects.bookable_by(sam).exists()
    assert support.end_support(supporter=supporter, by=pat.person).ends_at == ended.ends_at


def test_ending_an_invitation_stops_its_message(invited, pat):
    support.end_support(supporter=invited, by=pat.person)
    message = Message.objects.get(kind=notices.SUPPORTER_INVITED)
    assert message.state == "not_wanted"
    assert notices._supporter_invited(message) is None


def test_scopes_can_be_changed(pat, sam):
    supporter = Supporter.objects.get(participant=pat, person=sam.person)
    support.change_scopes(supporter=supporter, scopes=[SupporterScope.SEE_MESSAGES], by=pat.person)
    assert not access.supported_by(sam, SupporterScope.BOOK)
    assert set(access.supported_by(sam)) == {pat}


def test_the_desk_verifies_somebody_it_knows(pat, dee, programme):
    helper = someone("Hal Helper")
    made = support.verify_supporter(
        participant=pat, person=helper.person, relationship="friend", scopes=[SupporterScope.BOOK], by=dee.person
    )
    assert (made.status, made.verified_by) == (SupporterStatus.ACTIVE, dee.person)
    with pytest.raises(support.AlreadyHelps):
        support.verify_supporter(
            participant=pat, person=helper.person, relationship="friend", scopes=[SupporterScope.BOOK], by=dee.person
        )


def test_the_desk_verifies_who_was_invited(pat, dee, invited):
    made = support.verify_supporter(
        participant=pat, person=invited.person, relationship="son", scopes=[SupporterScope.SCRIBE], by=dee.person
    )
    assert (made.pk, made.scopes) == (invited.pk, ["scribe"])


@pytest.mark.parametrize(
    ("phone", "email", "login"),
    [("", "new@example.org", True), ("+441632960555", "", False), ("+441632960555", "new@example.org", True)],
)
def test_the_desk_records_a_supporter_of_whom_there_is_no_record(pat, dee, phone, email, login):
    on_the_line(pat, by=dee)
    made = support.add_verified_supporter(
        participant=pat,
        given_name="New",
        family_name="Helper",
        relationship="friend",
        scopes=[SupporterScope.BE_CONTACTED],
        phone=phone,
        email=email,
        by=dee.person,
    )
    assert made.status == SupporterStatus.ACTIVE
    assert User.objects.filter(person=made.person).exists() is login
    assert ContactPoint.objects.filter(person=made.person, preferred=True).count() == 1


def add(participant, name, email, dee):
    given, family = name.split()
    on_the_line(participant, by=dee)
    return support.add_verified_supporter(
        participant=participant, given_name=given, family_name=family, relationship="friend",
        scopes=[SupporterScope.BOOK], email=email, by=dee.person,
    )  # fmt: skip


def test_who_signs_in_already_helps_with_that_login_and_only_once(pat, quinn, sam, dee):
    made = add(quinn, "sam HELPER", "Sam@Example.org", dee)
    assert made.person == sam.person and set(access.supported_by(sam)) == {pat, quinn}
    with pytest.raises(support.AlreadyHelps):
        add(quinn, "Sam Helper", "sam@example.org", dee)


def test_an_address_with_which_somebody_of_another_name_signs_in_is_refused(pat, dee):
    with pytest.raises(support.AddressOfAnother):
        add(pat, "New Helper", "DEE@example.org", dee)
    assert not Supporter.objects.filter(participant=pat).exists()


@pytest.mark.parametrize("how", ["left", "died"])
def test_nobody_is_asked_to_help_somebody_who_is_gone(pat, dee, invited, how):
    token = token_of(invited)
    if how == "left":
        life.withdraw(participant=pat, by=dee.person)
    else:
        stops.stop_everything(participant=pat, notice=stops.Notice(StopKind.DIED), by=dee.person)
    for attempt in (
        lambda: add(pat, "New Helper", "new@example.org", dee),
        lambda: support.invite_supporter(
            participant=pat, given_name="A", family_name="B", email="a@example.org", relationship="son",
            scopes=[SupporterScope.BOOK], by=pat.person,
        ),
    ):  # fmt: skip
        with pytest.raises(NotPossibleNow):
            attempt()
    assert support.invitation_behind(token) is None
    assert not Supporter.objects.live().exists() and not User.objects.filter(email="new@example.org").exists()


def test_a_change_does_not_bring_back_help_that_has_ended(pat, sam):
    row = Supporter.objects.get(person=sam.person)
    support.end_support(supporter=Supporter.objects.get(pk=row.pk), by=pat.person)
    with pytest.raises(support.NoLongerInvited):
        support.change_scopes(supporter=row, scopes=[SupporterScope.BOOK], by=pat.person)
    assert not Supporter.objects.live().exists()


def test_help_that_goes_on_after_all_is_not_ended(pat, sam, monkeypatch):
    row = Supporter.objects.get(person=sam.person)
    found = iter([Supporter.objects.filter(pk=row.pk), Supporter.objects.none()])
    monkeypatch.setattr("participants.models.supporter.SupporterQuerySet.run_out", lambda rows: next(found))
    assert support.end_what_ran_out() == 0
    assert Supporter.objects.live().filter(pk=row.pk).exists()


def test_who_helps_nobody_holds_nothing(nell):
    assert not access.supports_held_by(None)
    assert not access.supports_held_by(nell)
    assert access.own_record(nell) is None


def test_supporters_that_have_ended_are_not_listed(pat, sam):
    assert [row.person for row in access.supporters_of(pat)] == [sam.person]
    support.end_support(supporter=access.supporters_of(pat)[0], by=pat.person)
    assert not access.supporters_of(pat)
    assert Person.objects.filter(pk=sam.person.pk).exists()


# --- until a last day ----------------------------------------------------------

TODAY = dt.date(2027, 10, 30)  # the night after it has an hour more
LAST = dt.date(2027, 10, 31)
AFTER = dt.datetime(2027, 11, 1, 0, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2027, 10, 30, 12, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def test_help_ends_by_itself_with_its_last_day_on_the_very_next_request(clock, pat, dee, nell):  # pitfalls 58
    row = support.verify_supporter(
        participant=pat, person=nell.person, relationship="son", scopes=[SupporterScope.BOOK], until=LAST, by=dee.person
    )
    assert (row.ends_at, row.last_day) == (AFTER, LAST)
    clock.move_to(AFTER - SECOND)
    assert list(access.supported_by(nell)) == [pat]
    clock.move_to(AFTER)
    assert list(access.supported_by(nell)) == []
    assert list(access.supporters_of(pat)) == [] and list(access.supports_held_by(nell)) == []
    assert not support.sees_messages(person=nell.person, participant=pat)


def test_what_ran_out_is_written_down_with_the_day_it_ended(clock, pat, sam, invited):
    row = Supporter.objects.get(person=sam.person)
    assert row.last_day is None
    support.change_scopes(supporter=row, scopes=[SupporterScope.BOOK], until=TODAY, by=pat.person)
    assert support.end_what_ran_out() == 0
    clock.move_to(AFTER)
    assert support.end_what_ran_out() == 1 and support.end_what_ran_out() == 0
    row.refresh_from_db()
    assert (row.status, row.last_day) == (SupporterStatus.ENDED, TODAY)
    assert row.events.latest("pgh_id").pgh_context["by"] == "system:worker"
    invited.refresh_from_db()
    assert invited.status == SupporterStatus.INVITED  # it has no last day


def test_an_invitation_is_taken_up_within_thirty_days_or_opens_nothing_any_more(clock, pat, invited, dee):
    token, message = token_of(invited), Message.objects.get(kind=notices.SUPPORTER_INVITED)
    assert invited.answer_by == TODAY + dt.timedelta(days=29)
    assert f"can be used until {day(invited.answer_by)}" in words_now(message).body
    token, over = token_of(invited), invited.invited_at + INVITED_FOR
    clock.move_to(over - SECOND)
    assert support.invitation_behind(token) == invited and support.end_what_ran_out() == 0
    clock.move_to(over)
    assert support.invitation_behind(token) is None and notices._supporter_invited(message) is None
    assert not access.supporters_of(pat)
    with pytest.raises(support.NoLongerInvited):
        support.accept_invitation(supporter=invited, by=dee.person)
    assert support.end_what_ran_out() == 1
    invited.refresh_from_db()
    assert invited.status == SupporterStatus.ENDED and not Supporter.objects.run_out().exists()


def test_a_last_day_can_be_moved_and_taken_back(clock, pat, sam):
    row = Supporter.objects.get(person=sam.person)
    support.change_scopes(supporter=row, scopes=[SupporterScope.BOOK], until=TODAY, by=pat.person)
    support.change_scopes(supporter=row, scopes=[SupporterScope.BOOK], by=pat.person)
    clock.move_to(AFTER)
    assert list(access.supported_by(sam)) == [pat]


def test_an_invitation_whose_last_day_has_passed_is_no_more(clock, pat):
    row = support.invite_supporter(
        participant=pat,
        given_name="Sid",
        family_name="Son",
        email="sid@example.org",
        relationship="son",
        scopes=[SupporterScope.BOOK],
        until=TODAY,
        by=pat.person,
    )
    token = token_of(row)
    assert support.invitation_behind(token) == row
    clock.move_to(AFTER)
    assert support.invitation_behind(token) is None
    with pytest.raises(support.NoLongerInvited):
        support.accept_invitation(supporter=row, by=row.person)


def test_whose_time_has_run_out_can_be_asked_again_before_anybody_wrote_it_down(clock, pat, dee, nell):
    asked = {"participant": pat, "person": nell.person, "relationship": "son", "scopes": [SupporterScope.BOOK]}
    support.verify_supporter(**asked, until=TODAY, by=dee.person)
    clock.move_to(AFTER)
    support.verify_supporter(**asked, by=dee.person)
    assert [row.status for row in Supporter.objects.filter(person=nell.person).order_by("pk")] == ["ended", "active"]


def test_a_last_day_that_has_passed_is_refused(clock, pat, sam):
    row = Supporter.objects.get(person=sam.person)
    with pytest.raises(support.BadLastDay):
        support.change_scopes(supporter=row, scopes=[], until=TODAY - dt.timedelta(days=1), by=pat.person)
