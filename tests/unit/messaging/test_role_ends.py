"""Whoever's role ends soon is told in time, and not once it goes on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.appointments import end_of, end_role, set_end
from accounts.models import Agreement, Membership, Organisation, Programme, User
from accounts.permissions import Role
from messaging import role_ends, tasks
from messaging.models import Message
from messaging.role_ends import ROLE_ENDS, last_day_of, step_of, still_ends
from tests.factories.accounts import MembershipFactory, someone

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(("days", "step"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_the_nearest_step_that_has_come_is_due(days: int, step: int | None) -> None:
    assert step_of(TODAY + timedelta(days=days), TODAY) == step


def ending(user: User, days: int) -> Membership:
    until = timezone.localdate() + timedelta(days=days)
    Membership.objects.filter(user=user).update(ends_at=end_of(until))
    return user.memberships.get()


def told() -> list[Message]:
    tasks.tell_whose_role_ends()
    return list(Message.objects.filter(kind=ROLE_ENDS).order_by("pk"))


@pytest.mark.django_db
def test_staff_and_partners_are_told_once_at_each_step(
    dee: User, omar: User, programme: Programme, alliance: Organisation
) -> None:
    someone("Pat Member", Role.PARTICIPANT, programme=programme).memberships.update(
        ends_at=end_of(timezone.localdate())
    )
    role, _ = ending(dee, 20), ending(omar, 5)
    assert {(m.person, m.programme) for m in told()} == {(dee.person, programme), (omar.person, programme)}
    assert len(told()) == 2
    ending(dee, 40)
    assert len(told()) == 2
    content = still_ends(Message.objects.get(person=omar.person))
    assert content is not None and content.context == {"until": last_day_of(omar.memberships.get())}
    assert still_ends(Message.objects.get(person=dee.person)) is None, f"renewed: {role}"


@pytest.mark.django_db
def test_nobody_is_told_of_a_role_that_is_over_or_was_given_anew(dee: User, ada: User, programme: Programme) -> None:
    role = ending(dee, 6)
    (message,) = told()
    longer = MembershipFactory(user=dee, role=role.role, programme=programme)
    assert still_ends(message) is None
    longer.delete()
    assert still_ends(message) is not None
    set_end(membership=role, until=timezone.localdate() + timedelta(days=90), by=ada.person)
    assert still_ends(message) is None
    end_role(membership=role, by=ada.person)
    assert still_ends(message) is None


@pytest.mark.django_db
def test_a_partner_who_has_nothing_to_read_is_not_told(omar: User) -> None:
    ending(omar, 6)
    Agreement.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert told() == []


@pytest.mark.django_db
def test_one_who_cannot_be_told_keeps_nobody_else_from_it(
    dee: User, omar: User, alliance: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending(dee, 5), ending(omar, 5)
    works = role_ends.enqueue

    def faulty(**named: Any) -> Message:
        if named["person"] == dee.person:
            raise ValueError
        return works(**named)

    monkeypatch.setattr(role_ends, "enqueue", faulty)
    with pytest.raises(ExceptionGroup):
        tasks.tell_whose_role_ends()
    assert [message.person for message in Message.objects.filter(kind=ROLE_ENDS)] == [omar.person]
