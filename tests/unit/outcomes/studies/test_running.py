from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.models import Programme, User
from messaging.models import Message
from outcomes.models import Study, StudyAnswer, StudyCount, StudyInvitation, StudyState
from outcomes.studies.matching import choices_of, matching, willing
from outcomes.studies.notices import study_invitation
from outcomes.studies.running import (
    EnoughCounts,
    NotToday,
    TooFew,
    Words,
    WrongState,
    answer_invitation,
    change_study,
    close_study,
    count_for,
    invitations_to,
    invite,
    open_study,
    studies_at_desk_of,
    write_study,
)
from participants.models import ConsentKind, Enrolment, Equality, Participant, ParticipantStatus, Phase
from tests.factories.accounts import ProgrammeFactory
from tests.factories.outcomes import StudyFactory, consents
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def _willing(programme: Programme, number: int, **about: Any) -> list[Participant]:
    people = [ParticipantFactory(programme=programme, **about) for _ in range(number)]
    for person in people:
        consents(person, ConsentKind.STUDIES)
    return people


@pytest.fixture
def study(programme: Programme) -> Study:
    made: Study = StudyFactory(programme=programme)
    return made


@pytest.fixture
def opened(study: Study, dee: User) -> Study:
    return open_study(study=study, by=dee.person)


def _words(**other: Any) -> Words:
    today = timezone.localdate()
    said: dict[str, Any] = {
        "title": "Walking", "team": "A university", "description": "Walk.", "contact": "Ring.", "ethics_reference": "1",
        "ages": [], "areas": ["Dorset"], "cancers": [], "phases": [], "opens_on": today, "closes_on": today,
    }  # fmt: skip
    return Words(**said | other)


def test_only_who_said_yes_and_may_be_written_to_is_told_of_studies(programme: Programme, pat: Participant) -> None:
    yes, ended, took_back, stopped, left, no_health = _willing(programme, 6)
    consents(pat, ConsentKind.RESEARCH)  # another question
    consents(took_back, ConsentKind.STUDIES, given=False)
    consents(yes, ConsentKind.HEALTH)
    consents(no_health, ConsentKind.HEALTH, given=False)
    ended.status, left.status = ParticipantStatus.COMPLETED, ParticipantStatus.WITHDRAWN
    ended.save(), left.save()
    stopped.person.contact_stopped_at = timezone.now()
    stopped.person.save()
    _willing(ProgrammeFactory(), 1)
    assert list(willing(programme)) == [yes, ended]


def test_whoever_meets_every_criterion_matches_and_what_is_not_recorded_meets_none(programme: Programme) -> None:
    phase = Phase.objects.create(
        programme=programme, order=1, name="First month", weeks=4, contacts_least=1, contacts_most=3
    )
    one, elsewhere, young, unknown, not_started = _willing(programme, 5, area="Dorset")
    elsewhere.area = "Hampshire"
    elsewhere.save()
    young.person.date_of_birth = dt.date(timezone.localdate().year - 30, 1, 1)
    young.person.save()
    for person in (one, elsewhere, young, not_started):
        Equality.objects.create(participant=person, cancer_type="lung")
    today = timezone.localdate()
    Enrolment.objects.update(starts_on=today)
    not_started.enrolments.all().delete()
    criteria = {"area": ["Dorset"], "age": ["65 to 74"], "cancer": ["Lung", "Breast"], "phase": [phase.name]}
    assert matching(programme, {}, on=today) == [one, elsewhere, young, unknown, not_started]
    assert matching(programme, criteria, on=today) == [one]
    offered = choices_of(programme)
    assert set(criteria) == set(offered)
    assert all(set(values) <= set(offered[name]) for name, values in criteria.items())


def test_the_same_criteria_are_counted_once_and_each_look_is_kept(study: Study, dee: User) -> None:
    _willing(study.programme, 9)
    first = count_for(study=study, by=dee.person)
    assert (first.shown, first.k, first.by, first.criteria) == (10, 8, dee.person, {})
    _willing(study.programme, 20)
    assert count_for(study=study, by=dee.person) == first
    with pytest.raises(ProgrammingError), transaction.atomic():
        StudyCount.objects.update(shown=15)


def test_no_other_criteria_and_no_other_study_shows_what_a_handful_is(study: Study, dee: User) -> None:
    _willing(study.programme, 10, area="Dorset")
    _willing(study.programme, 1, area="Hampshire")
    assert count_for(study=study, by=dee.person).shown == 10
    other = StudyFactory(programme=study.programme, areas=["Dorset"])
    assert count_for(study=other, by=dee.person).shown == 10, "whether one more meets it cannot be seen"
    _willing(study.programme, 2, area="Dorset")
    again = StudyFactory(programme=study.programme)
    assert count_for(study=again, by=dee.person).shown == 10, "13 by now, of whom two came: the number stands"


def test_for_one_study_three_sets_of_criteria_are_counted_and_no_more(study: Study, dee: User) -> None:
    for areas in ([], ["Dorset"], ["Hampshire"]):
        change_study(study=study, words=_words(areas=areas), by=dee.person)
        count_for(study=study, by=dee.person)
    change_study(study=study, words=_words(areas=["Isle of Wight"]), by=dee.person)
    with pytest.raises(EnoughCounts):
        count_for(study=study, by=dee.person)
    change_study(study=study, words=_words(areas=["Dorset"]), by=dee.person)
    assert count_for(study=study, by=dee.person).criteria == {"area": ["Dorset"]}


def test_a_study_is_written_and_changed_until_it_is_opened(programme: Programme, dee: User, clare: User) -> None:
    study = write_study(programme=programme, words=_words(), by=dee.person)
    assert list(studies_at_desk_of(dee)) == [study] and not studies_at_desk_of(clare).exists()
    change_study(study=study, words=_words(title="Walking more"), by=dee.person)
    open_study(study=study, by=dee.person)
    assert open_study(study=study, by=dee.person).title == "Walking more"
    with pytest.raises(WrongState) as refused:
        change_study(study=study, words=_words(), by=dee.person)
    assert refused.value.state == StudyState.OPEN
    with pytest.raises(ProgrammingError), transaction.atomic():
        Study.objects.filter(pk=study.pk).update(areas=["Hampshire"])


def test_each_who_matches_is_told_once(opened: Study, dee: User) -> None:
    people = _willing(opened.programme, 8)
    assert invite(study=opened, by=dee.person) == 8
    assert invite(study=opened, by=dee.person) == 0
    _willing(opened.programme, 1)
    assert invite(study=opened, by=dee.person) == 1
    told = Message.objects.filter(kind="study_invitation")
    assert told.count() == 9
    assert {message.person for message in told} > {person.person for person in people}


def test_nobody_is_told_where_few_match_nor_before_or_after_its_days(opened: Study, dee: User) -> None:
    _willing(opened.programme, 7)
    with pytest.raises(TooFew):
        invite(study=opened, by=dee.person)
    later = timezone.localdate() + dt.timedelta(days=1)
    ahead = open_study(study=StudyFactory(programme=opened.programme, opens_on=later), by=dee.person)
    with pytest.raises(NotToday):
        invite(study=ahead, by=dee.person)
    with pytest.raises(WrongState):
        invite(study=StudyFactory(programme=opened.programme), by=dee.person)
    assert not Message.objects.exists()


def test_the_message_is_not_sent_to_who_answered_took_back_or_once_the_study_is_closed(
    opened: Study, dee: User
) -> None:
    people = _willing(opened.programme, 8)
    invite(study=opened, by=dee.person)
    answered, took_back, *_ = people
    answer_invitation(invitation=invitations_to(answered).get(), answer=StudyAnswer.NO, by=answered.person)
    consents(took_back, ConsentKind.STUDIES, given=False)
    messages = list(Message.objects.order_by("pk"))
    contents = [study_invitation(message) for message in messages]
    assert contents[:2] == [None, None]
    wanted = contents[2]
    assert wanted is not None and wanted.context["url"].endswith(f"/me/studies/{messages[2].subject_id}/")
    close_study(study=opened, by=dee.person)
    assert study_invitation(messages[2]) is None


def test_answers_can_be_changed_until_it_closes_and_what_came_of_it_is_counted_once(opened: Study, dee: User) -> None:
    people = _willing(opened.programme, 14)
    invite(study=opened, by=dee.person)
    for person in people[:9]:
        invitation = invitations_to(person).get()
        answer_invitation(invitation=invitation, answer=StudyAnswer.NO, by=person.person)
        answer_invitation(invitation=invitation, answer=StudyAnswer.INTERESTED, by=person.person)
    assert Study.objects.get().interested is None, "nothing is said while people answer"
    closed = close_study(study=opened, by=dee.person)
    assert (closed.invited, closed.interested) == (15, 10)
    late = invitations_to(people[-1]).get()
    with pytest.raises(WrongState):
        answer_invitation(invitation=late, answer=StudyAnswer.INTERESTED, by=people[-1].person)
    for action in (close_study, count_for):
        with pytest.raises(WrongState):
            action(study=closed, by=dee.person)
    assert StudyInvitation.objects.filter(answer=StudyAnswer.INTERESTED).count() == 9


def test_how_many_were_told_is_held_against_the_counts_and_later_counts_against_it(study: Study, dee: User) -> None:
    _willing(study.programme, 12)
    assert count_for(study=study, by=dee.person).shown == 10
    _willing(study.programme, 1)
    told = _open_and_tell(study, dee)
    assert told.invited == 10, "13 were told: that one came is not shown"
    elsewhere = _open_and_tell(StudyFactory(programme=_with(13)), dee)
    assert elsewhere.invited == 15, "nothing was shown there before"
    consents(Participant.objects.filter(programme=elsewhere.programme)[0], ConsentKind.STUDIES, given=False)
    later = count_for(study=StudyFactory(programme=elsewhere.programme), by=dee.person)
    assert (later.shown, later.repeats) == (15, None), "12 by now: that one left is not shown"


def test_no_more_read_as_interested_than_read_as_told(study: Study, dee: User) -> None:
    _willing(study.programme, 12)
    count_for(study=study, by=dee.person)
    _willing(study.programme, 1)
    open_study(study=study, by=dee.person)
    invite(study=study, by=dee.person)
    for invitation in study.invitations.all():
        answer_invitation(invitation=invitation, answer=StudyAnswer.INTERESTED, by=invitation.participant.person)
    closed = close_study(study=study, by=dee.person)
    assert (closed.invited, closed.interested) == (10, 10), "13 were told and said yes, and 15 would give that away"


def _with(number: int) -> Programme:
    programme: Programme = ProgrammeFactory()
    _willing(programme, number)
    return programme


def _open_and_tell(study: Study, dee: User) -> Study:
    open_study(study=study, by=dee.person)
    invite(study=study, by=dee.person)
    return close_study(study=study, by=dee.person)
