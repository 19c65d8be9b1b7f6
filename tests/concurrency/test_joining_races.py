"""Two people at once, with two real connections: one draft handed in, one clearance decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from accounts.history import System
from accounts.models import Person, Programme, User
from accounts.permissions import Role
from messaging.models import Task
from participants import health, support
from participants.consents import current_texts
from participants.content import install
from participants.first_sign_in import ADDRESS_IN_DOUBT, AddressShut, show_birth
from participants.models import Clearance, Participant, Registration, Supporter, SupporterScope
from participants.registering import intake
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db(transaction=True)


def filled(programme: Programme, **changes: str) -> Registration:
    draft = intake.start_registration(programme=programme)
    values = {
        "given_name": "Jo",
        "family_name": "Invented",
        "born": "1958-03-14",
        "area": "Dorset",
        "cancer": "confirmed",
        "email": "jo@example.org",
        "emergency_name": "Emer",
        "emergency_phone": "+441632960111",
        "health": HEALTH,
        "health_version": "2026-1",
        "consents": {text.kind: {"given": True, "text": text.pk} for text in current_texts(programme)},
    }
    intake.save_page(registration=draft, page="all", values=values | changes)
    return draft


def test_of_many_dates_of_birth_tried_at_once_three_are_looked_at() -> None:
    user = ParticipantFactory(person=someone("pat").person).person.user
    User.objects.filter(pk=user.pk).update(email_proved_at=None)
    with Racers(8) as racers:
        tries = [partial(show_birth, user=user, address=user.email, born=date(1940, 1, day + 1)) for day in range(8)]
        answers = racers.run(tries)
    assert (answers.count(False), [type(one) for one in answers].count(AddressShut)) == (2, 6), answers
    user.refresh_from_db()
    assert user.wrong_births == 3 and Task.objects.filter(kind=ADDRESS_IN_DOUBT).count() == 1


@pytest.fixture
def programme() -> Programme:
    programme = ProgrammeFactory()
    install(programme, System.COMMAND)
    return programme


def test_two_people_who_share_an_address_and_join_at_once_both_join(programme: Programme) -> None:
    drafts = [filled(programme, given_name=name) for name in ("Jo", "Jay", "Jim", "Joy")]
    with Racers(4) as racers:
        joined = racers.run([partial(intake.submit_registration, registration=draft) for draft in drafts])
    assert {type(answer) for answer in joined} == {Participant}
    assert User.objects.get(email="jo@example.org").person in [participant.person for participant in joined]


def test_the_yes_to_an_invitation_pressed_twice_opens_one_login(programme: Programme) -> None:
    participant = ParticipantFactory(programme=programme)
    supporter = support.invite_supporter(
        participant=participant,
        given_name="Sid",
        family_name="Son",
        email="sid@example.org",
        relationship="son",
        scopes=[SupporterScope.BOOK],
        by=participant.person,
    )
    with Racers(4) as racers:
        opened = racers.run([lambda: support.open_login_for(Supporter.objects.get(pk=supporter.pk))] * 4)
    assert set(opened) == {User.objects.get(email="sid@example.org")}


def test_one_draft_handed_in_many_times_at_once_makes_one_person(programme: Programme) -> None:
    draft = filled(programme)
    with Racers(6) as racers:
        joined = racers.run([lambda: intake.submit_registration(registration=draft)] * 6)
    assert {type(answer) for answer in joined} == {Participant}
    assert len({answer.pk for answer in joined}) == 1
    assert Person.objects.filter(given_name="Jo").count() == 1


def test_of_two_decisions_at_once_one_stands_and_the_other_hears_whose_it_was():
    programme = ProgrammeFactory()
    participant = ParticipantFactory(programme=programme, clearance=False)
    health.update_health(participant=participant, answers=HEALTH | {"surgery": "yes"}, by=participant.person)
    reviewed = health.clearance_of(participant)
    leads = [someone(name, Role.CLINICAL_LEAD, programme=programme).person for name in ("Clare One", "Cora Two")]

    def decide(by: Person, state: str) -> Callable[[], Clearance]:
        fresh = Participant.objects.get(pk=participant.pk)
        return lambda: health.decide_clearance(participant=fresh, reviewed=reviewed, state=state, by=by)

    with Racers(2) as racers:
        answers = racers.run([decide(leads[0], "cleared"), decide(leads[1], "not_suitable")])
    stood = [answer for answer in answers if isinstance(answer, Clearance)]
    late = [answer for answer in answers if isinstance(answer, health.AlreadyDecided)]
    assert len(stood) == len(late) == 1
    assert late[0].clearance == stood[0] == health.clearance_of(participant)
