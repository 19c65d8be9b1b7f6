"""Who is on the rota, and what is refused."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection

from accounts.models import ContactPoint, Membership
from accounts.permissions import Permission, Role
from messaging import on_call
from messaging.models import OnCallShift
from tests.factories.accounts import ContactPointFactory, MembershipFactory, ProgrammeFactory
from tests.unit.messaging.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def put(programme, dee):
    def put(user=dee, line=on_call.FIRST, starts_at=NOON, ends_at=NOON + DAY, **more):
        return on_call.add_shifts(
            programme=programme,
            person=user.person,
            line=line,
            starts_at=starts_at,
            ends_at=ends_at,
            by=dee.person,
            **more,
        )

    return put


def now_on(programme, permission=Permission.WORK_AT_DESK, at=NOON):
    return [shift.person.given_name for shift in on_call.on_call(programme, at, permission=permission)]


def test_those_on_call_stand_in_their_order(programme, put, dee, clare):
    put(clare, line=on_call.SECOND)
    put(dee)
    assert now_on(programme) == ["Dee", "Clare"]
    assert now_on(programme, at=NOON + DAY) == []  # its end is not in it
    assert now_on(programme, at=NOON - HOUR) == []


def test_a_shift_does_not_outlive_the_role(programme, put, dee):
    put()
    Membership.objects.filter(user=dee).update(ends_at=NOON - HOUR)
    assert now_on(programme) == []
    assert on_call.rotas_of([programme], NOON)[0].now == ()


def test_a_closed_login_is_not_told(programme, put, dee):
    put()
    dee.is_active = False
    dee.save()
    assert now_on(programme) == []


def test_only_those_who_may_do_it_are_told(programme, put, dee, clare):
    put(dee)
    put(clare, line=on_call.SECOND)
    assert now_on(programme, Permission.DECIDE_CLEARANCE) == ["Clare"]


def test_another_programme_has_a_rota_of_its_own(programme, put):
    put()
    assert now_on(ProgrammeFactory()) == []


def test_the_same_hours_of_several_weeks(programme, put, dee):
    made = put(weeks=3)
    assert [shift.starts_at for shift in made] == [NOON, NOON + 7 * DAY, NOON + 14 * DAY]
    (event,) = made[2].events.all()
    assert event.pgh_context["by"] == f"person:{dee.person.pk}"


def test_somebody_without_a_role_at_the_desk_is_refused(programme, put, ines):
    with pytest.raises(on_call.NotAtTheDesk):
        put(ines.person.user)


def test_somebody_whom_we_cannot_write_to_is_refused(put, clare):
    ContactPoint.objects.filter(person=clare.person).update(channel="phone", value="+441632960222")
    with pytest.raises(on_call.CannotBeWrittenTo):
        put(clare)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(NOON, NOON), (NOON, NOON - HOUR), (NOON - 2 * DAY, NOON), (NOON, NOON + 7 * DAY + dt.timedelta(minutes=1))],
)
def test_hours_that_cannot_be_are_refused(put, starts, ends):
    with pytest.raises(on_call.BadHours):
        put(starts_at=starts, ends_at=ends)


def test_a_week_is_the_longest_and_may_go_over_the_night_in_which_the_clocks_go_back(put):
    first, second = put(
        starts_at=dt.datetime(2027, 10, 29, 16, tzinfo=dt.UTC),
        ends_at=dt.datetime(2027, 11, 5, 17, tzinfo=dt.UTC),
        weeks=2,
    )
    assert first.ends_at == second.starts_at


def test_two_on_one_line_are_refused_and_nothing_of_the_request_stays(programme, put, dee, clare):
    (there,) = put(clare, starts_at=NOON + 7 * DAY, ends_at=NOON + 8 * DAY)
    with pytest.raises(on_call.Taken) as refused:
        put(dee, weeks=2)
    assert refused.value.shift == there
    assert list(OnCallShift.objects.all()) == [there]


def test_one_person_on_two_lines_is_refused(put):
    (there,) = put()
    with pytest.raises(on_call.Taken) as refused:
        put(line=on_call.SECOND)
    assert refused.value.shift == there


def test_one_shift_may_begin_where_another_ends(put, clare):
    put()
    put(clare, starts_at=NOON + DAY, ends_at=NOON + 2 * DAY)
    assert OnCallShift.objects.count() == 2


def test_the_table_itself_refuses_what_was_written_at_the_same_moment(monkeypatch, put, clare):
    put()
    seen = iter([None, None])
    monkeypatch.setattr(on_call, "_in_the_way", lambda shift: next(seen))
    with pytest.raises(on_call.Taken) as refused:
        put(clare)
    assert refused.value.shift is None


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"line": 2}, "nobody_stands_on_two_lines_at_a_time"),
        ({"person": "clare"}, "one_person_on_each_line_at_a_time"),
        ({"line": 4}, "a_shift_is_first_second_or_third"),
        ({"ends_at": NOON}, "a_shift_ends_after_it_starts"),
    ],
)
def test_the_database_holds_it(programme, put, dee, clare, changes, constraint):
    put()
    fields = {"programme": programme, "person": dee.person, "line": 1, "starts_at": NOON, "ends_at": NOON + HOUR}
    if changes.get("person"):
        changes = {"person": clare.person}
    with pytest.raises(IntegrityError, match=constraint):
        OnCallShift.objects.create(**{**fields, **changes})


def test_a_shift_to_come_is_taken_off_and_history_keeps_who_did_it(put, dee, clare):
    (shift,) = put(starts_at=NOON + HOUR)
    on_call.end_shift(shift=shift, by=clare.person)
    assert not OnCallShift.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, pgh_context->>'by' FROM messaging_oncallshiftevent ORDER BY pgh_id DESC")
        assert cursor.fetchone() == ("delete", f"person:{clare.person.pk}")


def test_a_shift_that_goes_on_ends_now_and_another_may_take_over(programme, put, dee, clare, noon):
    (shift,) = put()
    noon.move_to(NOON + HOUR)
    on_call.end_shift(shift=shift, by=dee.person)
    put(clare, starts_at=NOON + HOUR)
    assert now_on(programme, at=NOON + HOUR) == ["Clare"]
    with pytest.raises(on_call.Over):
        on_call.end_shift(shift=shift, by=dee.person)


def test_the_rota_says_who_is_on_what_comes_and_when_nobody_is(programme, put, dee, clare):
    put()
    put(clare, line=on_call.SECOND, starts_at=NOON - HOUR)
    put(clare, starts_at=NOON + 2 * DAY, ends_at=NOON + 3 * DAY)
    ContactPointFactory(person=dee.person, channel="phone", value="+441632960123", preferred=False)
    other = ProgrammeFactory()
    rota, empty = on_call.rotas_of([programme, other], NOON)
    assert [shift.person.given_name for shift in rota.now] == ["Dee", "Clare"]
    assert [shift.starts_at for shift in rota.ahead] == [NOON - HOUR, NOON, NOON + 2 * DAY]
    assert rota.gaps == ((NOON + DAY, NOON + 2 * DAY), (NOON + 3 * DAY, NOON + on_call.AHEAD))
    assert empty.gaps == ((NOON, NOON + on_call.AHEAD),)


def test_each_who_may_be_on_call_is_named_once(programme, dee, clare, ines):
    MembershipFactory(user=dee, role=Role.CLINICAL_LEAD.value, programme=programme)
    assert [person.given_name for _, person in on_call.staff_of([programme])] == ["Clare", "Dee"]
