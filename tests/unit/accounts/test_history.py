"""Every change names who made it; what must not change cannot; reads are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.history import System, acting, actor_name, context_of, log_read, log_reads
from accounts.models import AccessLog, Membership, Person, User
from messaging.models import MESSAGE_TRANSITIONS, Message, MessageState
from tests.actors import nobody_acts
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


def contexts(person: Person) -> list[dict[str, Any]]:
    model: Any = Person.pgh_event_model  # type: ignore[attr-defined]
    return list(model.objects.filter(pgh_obj_id=person.pk).order_by("pgh_id").values_list("pgh_context", flat=True))


def now_acting() -> str:
    """As the database has it: past Django, where the tests would lend an actor to the question itself."""
    connection.ensure_connection()
    (found,) = connection.connection.execute(
        "SELECT coalesce(current_setting('pghistory.context_metadata', true), '')"
    ).fetchone()
    return str(found)


def test_a_change_inside_acting_names_the_person_and_the_action(dee: User) -> None:
    person = PersonFactory()
    with acting(dee.person, "accounts.rename", reason="asked by telephone"):
        person.known_as = "Jo"
        person.save()
    assert contexts(person)[-1] == {
        "by": f"person:{dee.person.pk}",
        "action": "accounts.rename",
        "reason": "asked by telephone",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda p: Person.objects.filter(pk=p.pk).update(known_as="Jo"),
        lambda p: connection.cursor().execute("UPDATE accounts_person SET known_as = 'Jo' WHERE id = %s", [p.pk]),
        lambda p: Person.objects.bulk_update([Person(pk=p.pk, known_as="Jo")], ["known_as"]),
        lambda p: p.delete(),
    ],
    ids=["queryset", "raw SQL", "bulk", "delete"],
)
def test_every_way_of_changing_a_row_is_kept(dee: User, change: Callable[[Person], Any]) -> None:
    person = PersonFactory()
    pk = person.pk
    with acting(dee.person, "accounts.rename"):
        change(person)
    person.pk = pk
    assert [c["action"] for c in contexts(person)] == ["tests.fixture", "accounts.rename"]


def test_a_change_outside_acting_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="pgh_context"), transaction.atomic(), nobody_acts():
        Person.objects.create(given_name="Jo", family_name="Madeup")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO accounts_person (given_name, family_name, known_as) VALUES ('Jo', 'Madeup', '')",
        "UPDATE accounts_person SET known_as = 'Jo'",
        "DELETE FROM accounts_person WHERE id NOT IN (SELECT person_id FROM accounts_user)",
    ],
)
def test_raw_sql_outside_acting_is_refused_as_well(statement: str) -> None:
    PersonFactory()
    with pytest.raises(IntegrityError, match="pgh_context"), transaction.atomic(), connection.cursor() as cursor:
        with nobody_acts():
            cursor.execute(statement)


def test_inside_another_acting_the_outer_one_goes_on_naming_the_actor(dee: User, clare: User) -> None:
    person = PersonFactory()
    with acting(dee.person, "accounts.outer"):
        with acting(clare.person, "accounts.inner"):
            Person.objects.filter(pk=person.pk).update(known_as="Jo")
        Person.objects.filter(pk=person.pk).update(known_as="Joe")
    assert [c["action"] for c in contexts(person)][1:] == ["accounts.outer", "accounts.outer"]
    assert {c["by"] for c in contexts(person)[1:]} == {f"person:{dee.person.pk}"}


def test_after_acting_the_actor_before_is_back(dee: User) -> None:
    before = now_acting()
    with acting(dee.person, "accounts.rename"):
        assert now_acting() != before
    assert now_acting() == before


def test_a_refused_action_leaves_no_trace_and_no_actor(dee: User) -> None:
    person = PersonFactory()
    before = now_acting()
    with pytest.raises(LookupError), acting(dee.person, "accounts.rename"):
        Person.objects.filter(pk=person.pk).update(known_as="Jo")
        raise LookupError
    person.refresh_from_db()
    assert person.known_as == ""
    assert len(contexts(person)) == 1
    assert now_acting() == before
    with acting(dee.person, "accounts.second"):  # and the next action is an outer one again
        Person.objects.filter(pk=person.pk).update(known_as="Joe")
    assert contexts(person)[-1]["action"] == "accounts.second"


def test_a_refused_inner_action_leaves_the_outer_one_acting(dee: User, clare: User) -> None:
    person = PersonFactory()
    with acting(dee.person, "accounts.outer"):
        with pytest.raises(LookupError), acting(clare.person, "accounts.inner"):
            raise LookupError
        Person.objects.filter(pk=person.pk).update(known_as="Jo")
    assert contexts(person)[-1]["action"] == "accounts.outer"


@pytest.mark.django_db(transaction=True)
def test_on_a_real_transaction_the_actor_ends_with_it(programme: Any) -> None:
    with nobody_acts():
        with acting(System.COMMAND, "accounts.add"):
            person = Person.objects.create(given_name="Jo", family_name="Madeup")
        with pytest.raises(IntegrityError, match="pgh_context"):
            Person.objects.filter(pk=person.pk).update(known_as="Jo")
        assert now_acting() == ""


def test_actors_have_names(dee: User, clare: User) -> None:
    assert actor_name(System.WORKER) == "system:worker"
    assert actor_name(dee.person) == f"person:{dee.person.pk}"
    assert '"on_behalf_of"' not in context_of(dee.person, "a.b", on_behalf_of=dee.person)
    assert f'"on_behalf_of": "person:{clare.person.pk}"' in context_of(dee.person, "a.b", on_behalf_of=clare.person)
    assert context_of(System.COMMAND, "a.b") == '{"by": "system:command", "action": "a.b"}'


def test_signing_in_and_changing_a_password_are_no_change_of_the_login(dee: User) -> None:
    model: Any = User.pgh_event_model  # type: ignore[attr-defined]
    before = model.objects.count()
    dee.set_password("three unlikely words")
    dee.save()
    assert model.objects.count() == before
    assert "password" not in {f.name for f in model._meta.get_fields()}


def test_history_is_only_added_to(dee: User) -> None:
    person = PersonFactory()
    table: Any = Person.pgh_event_model  # type: ignore[attr-defined]
    for change in (
        lambda: table.objects.update(known_as="Jo"),
        lambda: table.objects.all().delete(),
        lambda: connection.cursor().execute("DELETE FROM accounts_personevent"),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()
    assert len(contexts(person)) == 1


def test_the_access_log_is_only_added_to(dee: User) -> None:
    log_read(target=dee.person, purpose="care", what="health profile", by=dee.person)
    for change in (lambda: AccessLog.objects.update(what="nothing"), lambda: AccessLog.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_reads_of_many_people_are_kept_in_one_statement(dee: User, django_assert_num_queries: Any) -> None:
    people = [PersonFactory() for _ in range(3)]
    with django_assert_num_queries(1):
        log_reads(targets=people, purpose="register", what="adaptations", by=dee.person)
    kept = AccessLog.objects.order_by("id")
    assert [(k.target, k.by, k.purpose, k.what) for k in kept] == [
        (p, dee.person, "register", "adaptations") for p in people
    ]
    assert str(kept[0]) == f"adaptations of person {people[0].pk} read by person {dee.person.pk}"


@pytest.mark.parametrize("before", MessageState)
@pytest.mark.parametrize("after", MessageState)
def test_a_status_changes_only_along_its_table(programme: Any, before: MessageState, after: MessageState) -> None:
    message = Message.objects.create(
        programme=programme, person=PersonFactory(), kind="k", state=before, dedupe_key=f"{before}{after}"
    )
    legal = before == after or after in MESSAGE_TRANSITIONS.get(before, frozenset())
    change = lambda: Message.objects.filter(pk=message.pk).update(state=after)  # noqa: E731
    if legal:
        assert change() == 1
    else:
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            change()


def test_a_membership_names_who_gave_it(dee: User, programme: Any, clare: User) -> None:
    with acting(clare.person, "accounts.appoint"):
        given = Membership.objects.create(user=dee, role="instructor", programme=programme)
    event = Membership.pgh_event_model.objects.get(pgh_obj_id=given.pk)  # type: ignore[attr-defined]
    assert event.pgh_context["by"] == f"person:{clare.person.pk}"
