from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from accounts.history import System
from accounts.models import Agreement, Organisation, Programme, User
from messaging.models import Message, Task, TaskState
from outcomes import tasks
from outcomes.being_built import WrongState
from outcomes.counting.forms import ScoredAnotherWay
from outcomes.disclosure import Line, Sheet, packed, unpacked
from outcomes.endings import SUMMARY_WAITS, look_at_endings
from outcomes.models import Release, ReleaseCell, ReleaseSheet, ReleaseState
from outcomes.releases import figures
from outcomes.releases.agreements import NoWords, agreements_at_desk_of, state_purpose
from outcomes.releases.export import csv_of, export_of, fingerprint
from outcomes.releases.figures import Built
from outcomes.releases.notices import SUMMARY_OUT, still_read
from outcomes.releases.past import forget
from outcomes.releases.release import (
    AgreementChanged,
    AgreeNoMore,
    NoAgreement,
    NoPurpose,
    OvertakenByAnother,
    TooLongAgo,
    build_release,
    last_published,
    publish_release,
    published_ids,
    request_release,
    try_again,
)
from participants.models import Participant
from records.erasing.erase import erase_person
from tests.factories.outcomes import (
    METHOD,
    ReleaseFactory,
    attended_together,
    consents,
    release_with_figures,
    timepoints_of,
)
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
CELL = {"table": "funnel", "measure": "funnel.registered", "where": {}, "status": "shown", "value": 120.0}


@pytest.fixture(autouse=True)
def queue() -> Iterator[InMemoryConnector]:
    with app.replace_connector(InMemoryConnector()) as replaced:
        yield replaced.connector


@pytest.fixture
def asked(programme: Programme, alliance: Organisation, dee: User) -> Release:
    return request_release(programme=programme, organisation=alliance, by=dee.person)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the figures come to, in place of counting; the steps that were told."""
    told: dict[str, Any] = {"is_safe": True, "steps": []}

    def build(journeys: object, *, step: Any, **asked_for: object) -> Built:
        step(1)
        told["steps"].append(Release.objects.values_list("steps_done", "steps_total").get(state="building"))
        if "error" in told:
            raise told["error"]
        cells = [CELL] if told["is_safe"] else []
        return Built({"area": []}, METHOD, {"breaches": [] if told["is_safe"] else [{}]}, cells, told["is_safe"])

    monkeypatch.setattr(figures, "build", build)
    return told


def test_asking_queues_one_job_and_names_who_asked(asked: Release, dee: User, queue: InMemoryConnector) -> None:
    assert (asked.state, asked.number, asked.k, asked.dimensions) == (ReleaseState.QUEUED, 1, 8, ["area"])
    assert asked.asked_by == dee.person
    (job,) = queue.jobs.values()
    assert (job["task_name"], job["args"]) == ("outcomes.build_release", {"release_id": asked.pk})


def test_asking_while_one_is_under_way_returns_it(asked: Release, dee: User, queue: InMemoryConnector) -> None:
    again = request_release(programme=asked.programme, organisation=asked.organisation, by=dee.person)
    assert again == asked
    assert len(queue.jobs) == 1


def test_releases_of_a_partner_are_numbered(asked: Release, dee: User, counting: dict[str, Any]) -> None:
    build_release(release=asked, by=System.WORKER)
    again = request_release(programme=asked.programme, organisation=asked.organisation, by=dee.person)
    assert again.number == 2


def test_a_dimension_that_nobody_can_count_by_is_left_out(programme: Programme, alliance: Organisation) -> None:
    Agreement.objects.update(dimensions=["shoe_size", "area"], k=10)
    release = request_release(programme=programme, organisation=alliance, by=System.COMMAND)
    assert (release.dimensions, release.k, release.asked_by) == (["area"], 10, None)


def test_without_a_live_agreement_nothing_is_made(programme: Programme, alliance: Organisation, dee: User) -> None:
    Agreement.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(NoAgreement) as refusal:
        request_release(programme=programme, organisation=alliance, by=dee.person)
    assert refusal.value.organisation == alliance
    assert not Release.objects.exists()


def test_the_desk_chooses_among_live_agreements_of_its_programmes(
    alliance: Organisation, dee: User, clare: User
) -> None:
    assert [row.organisation for row in agreements_at_desk_of(dee)] == [alliance]
    assert not agreements_at_desk_of(clare).exists()


def test_building_freezes_cells_and_shows_how_far_it_is(asked: Release, counting: dict[str, Any]) -> None:
    built = build_release(release=asked, by=System.WORKER)
    assert (built.state, built.steps_done, built.steps_total) == (ReleaseState.BUILT, 4, 4)
    assert counting["steps"] == [(1, 4)]
    assert built.cells.get().value == 120
    assert built.method == METHOD


def test_what_the_attack_breaks_is_blocked_and_keeps_no_figure(asked: Release, counting: dict[str, Any]) -> None:
    counting["is_safe"] = False
    blocked = build_release(release=asked, by=System.WORKER)
    assert (blocked.state, blocked.attack) == (ReleaseState.BLOCKED, {"breaches": [{}], "beside": []})
    assert not blocked.cells.exists()


def test_an_error_is_kept_as_a_state_and_raised(asked: Release, counting: dict[str, Any]) -> None:
    counting["error"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        build_release(release=asked, by=System.WORKER)
    asked.refresh_from_db()
    assert asked.state == ReleaseState.FAILED
    del counting["error"]
    try_again(release=asked, by=System.WORKER)
    assert build_release(release=asked, by=System.WORKER).state == ReleaseState.BUILT


def test_before_every_form_is_scored_as_today_nothing_is_built_and_why_is_kept(
    asked: Release, counting: dict[str, Any]
) -> None:
    counting["error"] = ScoredAnotherWay(3)
    command = ("build_release", "--programme", "wessex", "--organisation", "alliance", "--publish")
    with pytest.raises(CommandError, match="rescore"):
        call_command(*command)
    failed = Release.objects.get()
    assert (failed.state, failed.attack) == (ReleaseState.FAILED, {"scored_another_way": 3})
    del counting["error"]
    assert try_again(release=failed, by=System.WORKER).attack == {}
    assert build_release(release=failed, by=System.WORKER).state == ReleaseState.BUILT


def test_of_one_area_another_summary_is_made_once_the_agreement_narrows_to_it(
    asked: Release, counting: dict[str, Any], dee: User
) -> None:
    whole = build_release(release=asked, by=System.WORKER)
    Agreement.objects.update(area="Dorset")
    with pytest.raises(AgreementChanged):
        publish_release(release=whole, by=dee.person)
    Agreement.objects.update(dimensions=[])
    release = request_release(programme=asked.programme, organisation=asked.organisation, by=dee.person)
    assert (release.area, release.dimensions, release.number) == ("Dorset", [], 2)
    counting["error"] = figures.NoSuchArea("Dorset")
    command = ("build_release", "--programme", "wessex", "--organisation", "alliance", "--publish")
    with pytest.raises(CommandError, match="not told apart by Dorset"):
        call_command(*command)
    release.refresh_from_db()
    assert (release.state, release.attack) == (ReleaseState.FAILED, {"no_such_area": "Dorset"})
    del counting["error"]
    built = build_release(release=try_again(release=release, by=dee.person), by=System.WORKER)
    published = publish_release(release=built, by=dee.person)
    assert export_of(published)["release"]["area"] == "Dorset" and "area" not in export_of(whole)["release"]
    assert (last_published(published), last_published(whole)) == (published, None), "those of the whole are others"


def test_an_error_after_another_worker_has_built_it_spoils_nothing(
    asked: Release, counting: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_worker_first(journeys: object, **asked_for: object) -> Built:
        Release.objects.filter(pk=asked.pk).update(state=ReleaseState.BUILT)
        raise ZeroDivisionError

    monkeypatch.setattr(figures, "build", other_worker_first)
    with pytest.raises(ZeroDivisionError):
        build_release(release=asked, by=System.WORKER)
    asked.refresh_from_db()
    assert asked.state == ReleaseState.BUILT


def test_two_workers_store_the_figures_once(
    asked: Release, counting: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = figures.build

    def other_worker_first(journeys: object, **asked_for: Any) -> Built:
        monkeypatch.setattr(figures, "build", real)
        build_release(release=Release.objects.get(pk=asked.pk), by=System.WORKER)
        return Built({}, METHOD, {}, [CELL], True)

    monkeypatch.setattr(figures, "build", other_worker_first)
    build_release(release=asked, by=System.WORKER)
    assert ReleaseCell.objects.count() == 1
    assert Release.objects.get().state == ReleaseState.BUILT


def test_the_job_builds_and_a_repeated_job_changes_nothing(asked: Release, counting: dict[str, Any]) -> None:
    for _ in range(2):
        tasks.build_release(asked.pk)
    assert Release.objects.get().state == ReleaseState.BUILT
    assert ReleaseCell.objects.count() == 1


def test_a_build_cut_short_begins_again(asked: Release, counting: dict[str, Any]) -> None:
    Release.objects.update(state=ReleaseState.BUILDING, steps_done=2)
    asked.refresh_from_db()
    assert build_release(release=asked, by=System.WORKER).state == ReleaseState.BUILT


def test_only_a_failed_release_is_tried_again(asked: Release) -> None:
    with pytest.raises(WrongState) as refusal:
        try_again(release=asked, by=System.WORKER)
    assert refusal.value.state == ReleaseState.QUEUED


def test_publishing_dates_hashes_and_supersedes(
    asked: Release, dee: User, omar: User, counting: dict[str, Any]
) -> None:
    Release.objects.update(asked_by=None)  # as after each quarter
    first = build_release(release=asked, by=System.WORKER)
    assert look_at_endings(on=first.as_at) == 1
    first = publish_release(release=first, by=dee.person)
    assert Task.objects.get(kind=SUMMARY_WAITS).state == TaskState.CANCELLED
    assert first.published_at is not None
    assert first.sha256 == fingerprint(first)
    second = request_release(programme=asked.programme, organisation=asked.organisation, by=dee.person)
    second = publish_release(release=build_release(release=second, by=System.WORKER), by=dee.person)
    told = {message.subject_id: still_read(message) for message in Message.objects.filter(kind=SUMMARY_OUT)}
    assert told[first.pk] is None and told[second.pk] is not None, "the newer one has its own message"
    assert second.supersedes == first


def test_publishing_twice_changes_nothing_and_tells_its_partner_once(
    asked: Release, dee: User, omar: User, counting: dict[str, Any]
) -> None:
    published = publish_release(release=build_release(release=asked, by=System.WORKER), by=dee.person)
    again = publish_release(release=Release.objects.get(), by=dee.person)
    assert Message.objects.get(kind=SUMMARY_OUT).person == omar.person
    assert (again.published_at, again.sha256) == (published.published_at, published.sha256)


@pytest.mark.parametrize("change", [{"k": 10}, {"dimensions": []}])
def test_what_was_built_under_an_agreement_that_hid_less_is_not_published(
    asked: Release, dee: User, counting: dict[str, Any], change: dict[str, Any]
) -> None:
    built = build_release(release=asked, by=System.WORKER)
    assert built.dimensions == ["area"]
    Agreement.objects.update(**change)
    with pytest.raises(AgreementChanged):
        publish_release(release=built, by=dee.person)
    assert Release.objects.get().state == ReleaseState.BUILT


def test_what_nobody_wrote_down_a_use_for_is_not_published(
    asked: Release, dee: User, counting: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    agreement = Agreement.objects.get()
    Agreement.objects.update(purpose="")
    built = build_release(release=asked, by=System.WORKER)
    with pytest.raises(NoPurpose) as refused:
        publish_release(release=built, by=dee.person)
    assert refused.value.agreement == agreement
    with pytest.raises(CommandError, match="Write down what Wessex Alliance uses summaries for"):
        call_command("build_release", "--programme", "wessex", "--organisation", "alliance", "--publish")
    with pytest.raises(NoWords):
        state_purpose(agreement=agreement, purpose=" ", by=dee.person)
    state_purpose(agreement=agreement, purpose="To plan. ", by=dee.person)
    assert publish_release(release=built, by=dee.person).purpose == "To plan."


@pytest.mark.parametrize("state", ["queued", "building", "blocked", "failed"])
def test_only_what_was_built_is_published(programme: Programme, alliance: Organisation, dee: User, state: str) -> None:
    release = ReleaseFactory(programme=programme, organisation=alliance, state=state)
    with pytest.raises(WrongState):
        publish_release(release=release, by=dee.person)


def test_a_published_figure_cannot_be_changed_or_removed_in_the_database() -> None:
    release = release_with_figures()
    for attack in (lambda: release.cells.update(value=1), lambda: release.cells.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()


@pytest.mark.parametrize("change", [{"as_at": dt.date(2020, 1, 1)}, {"sha256": "0" * 64}, {"k": 9}])
def test_a_published_release_is_frozen_in_the_database(change: dict[str, Any]) -> None:
    release = release_with_figures()
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(**change)


def test_a_published_release_goes_to_no_other_state() -> None:
    release = release_with_figures()
    release.state = ReleaseState.BUILT
    with pytest.raises(DatabaseError):
        release.save()


def test_history_says_who_published(asked: Release, dee: User, counting: dict[str, Any]) -> None:
    publish_release(release=build_release(release=asked, by=System.WORKER), by=dee.person)
    event = Release.pgh_event_model.objects.order_by("-pgh_id").first()
    assert event.pgh_context == {"by": f"person:{dee.person.pk}", "action": "outcomes.publish_release"}


def test_only_published_releases_are_listed_for_the_demonstration() -> None:
    release_with_figures(ReleaseState.BUILT)
    published = release_with_figures()
    assert published_ids() == [published.pk]


# --- commands ----------------------------------------------------------------


def test_the_command_builds_and_publishes(
    programme: Programme, alliance: Organisation, counting: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("build_release", "--programme", "wessex", "--organisation", "alliance", "--publish")
    release = Release.objects.get()
    assert release.state == ReleaseState.PUBLISHED
    assert f"Release {release.pk}: number 1, published." in capsys.readouterr().out


def test_the_command_without_publish_leaves_it_to_be_looked_at(
    programme: Programme, alliance: Organisation, counting: dict[str, Any]
) -> None:
    call_command("build_release", "--programme", "wessex", "--organisation", "alliance")
    assert Release.objects.get().state == ReleaseState.BUILT


def test_the_command_never_publishes_what_was_blocked(
    programme: Programme, alliance: Organisation, counting: dict[str, Any]
) -> None:
    counting["is_safe"] = False
    with pytest.raises(CommandError, match="not safe to publish"):
        call_command("build_release", "--programme", "wessex", "--organisation", "alliance", "--publish")


@pytest.mark.parametrize(
    ("programme_slug", "organisation_slug", "words"),
    [
        ("nowhere", "alliance", "no programme 'nowhere'. There are: wessex"),
        ("wessex", "nobody", "no organisation 'nobody'. There are: "),
        ("wessex", "college", "no agreement"),
    ],
)
def test_the_command_says_what_is_missing(
    alliance: Organisation, college: Organisation, programme_slug: str, organisation_slug: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("build_release", "--programme", programme_slug, "--organisation", organisation_slug)


# --- from rows to figures ----------------------------------------------------


@pytest.fixture
def people(programme: Programme) -> list[Participant]:
    """Thirteen people of Dorset who agree to be counted and came to a class."""
    timepoints_of(programme)
    made = ParticipantFactory.create_batch(13, programme=programme)
    for person in made:
        consents(person)
    attended_together(made, timezone.localdate() - dt.timedelta(days=30))
    return made


def _figure(release: Release, measure: str) -> float | None:
    return release.cells.get(measure=measure, where={}).value


def test_a_release_is_built_from_the_rows(asked: Release, people: list[Participant]) -> None:
    built = build_release(release=asked, by=System.WORKER)
    assert built.state == ReleaseState.BUILT
    assert built.attack["survived"] is True
    assert _figure(built, "funnel.registered") == _figure(built, "funnel.started") == 15
    assert built.groups == {"area": ["Dorset", "Hampshire", "Isle of Wight", "Elsewhere or not recorded"]}


def test_no_exported_byte_tells_of_one_who_is_in_it(asked: Release, people: list[Participant], dee: User) -> None:
    """What stands in the rows of one person alone."""
    said = {"given_name": "Canaryanne", "family_name": "Canaryson", "date_of_birth": dt.date(1951, 7, 23)}
    canary = ParticipantFactory(
        programme=asked.programme, reference="CANARY-77", postcode="CA7 7NY",
        emergency_name="Canary Nextof", emergency_phone="07700 900777",
        **{f"person__{name}": value for name, value in said.items()},
    )  # fmt: skip
    consents(canary)
    attended_together([canary], timezone.localdate() - dt.timedelta(days=30))
    release = publish_release(release=build_release(release=asked, by=System.WORKER), by=dee.person)
    assert _is_counted(canary, release)
    for written in (json.dumps(export_of(release)), csv_of(release)):
        assert "funnel.registered" in written and "Elsewhere or not recorded" in written
        for word in ("canary", "ca7", "900777", "1951", "07-23", *(one.reference.lower() for one in people)):
            assert word not in written.lower(), word


def _is_counted(person: Participant, release: Release) -> bool:
    return str(person.pk) in unpacked(release.sheet.lines).tokens


def test_one_who_takes_consent_back_is_counted_no_more_and_cannot_be_found_by_comparing(
    asked: Release, people: list[Participant], dee: User
) -> None:
    first = publish_release(release=build_release(release=asked, by=System.WORKER), by=dee.person)
    consents(people[0], given=False)
    second = request_release(programme=asked.programme, organisation=asked.organisation, by=dee.person)
    build_release(release=second, by=System.WORKER)
    assert _is_counted(people[0], first)
    assert second.attack["survived"], second.attack
    assert not _is_counted(people[0], second)
    repeated = second.cells.get(measure="funnel.registered", where={})
    assert (repeated.value, repeated.counted_in) == (15, first)  # twelve would be 10: one fewer, for all to see
    assert publish_release(release=second, by=dee.person).supersedes == first


def test_what_was_attacked_beside_other_releases_than_those_published_now_is_not_published(
    asked: Release, dee: User, counting: dict[str, Any]
) -> None:
    build_release(release=asked, by=System.WORKER)
    release_with_figures(programme=asked.programme)
    with pytest.raises(OvertakenByAnother):
        publish_release(release=asked, by=dee.person)


def _takes_it_back(person: Participant, release: Release) -> None:
    consents(person, given=False)


def _is_erased(person: Participant, release: Release) -> None:
    erase_person(person=person.person, by=System.WORKER)


def _is_a_line_of_nobody(person: Participant, kept: ReleaseSheet) -> None:
    """They are still known to have been counted, by nothing that leads to them, and nothing they said is left."""
    sheet = unpacked(kept.lines)
    numbers = [int(token) for token in sheet.tokens]
    (row,) = (row for row, number in enumerate(numbers) if number < 0)
    assert person.pk not in numbers and sheet.is_in("funnel.registered")[row]
    assert {float(amount[row]) for amount in sheet.amounts.values() if amount[row] == amount[row]} == {0.0}
    assert sorted(sheet.amount("funnel.registered").tolist()) == [0.0] + [1.0] * 12, "the others are as they were"


def _nobody_knows_whom_it_is_of(person: Participant, release: Release) -> None:
    release.sheet.delete()


@pytest.mark.parametrize("changed", [_takes_it_back, _is_erased, _nobody_knows_whom_it_is_of])
def test_whoever_is_not_counted_any_more_is_not_published_and_the_next_one_is_without_them(
    asked: Release, people: list[Participant], dee: User, changed: Callable[[Participant, Release], None]
) -> None:
    built = build_release(release=asked, by=System.WORKER)
    consents(ParticipantFactory(programme=asked.programme))  # who came since is in the next one, and stops nothing
    changed(people[0], built)
    built = Release.objects.get()
    with pytest.raises(AgreeNoMore):
        publish_release(release=built, by=dee.person)
    assert Release.objects.get().state == ReleaseState.BUILT
    call_command("build_release", "--programme", "wessex", "--organisation", "alliance", "--publish")
    published = Release.objects.get(state=ReleaseState.PUBLISHED)
    assert _is_counted(people[0], published) is (changed is _nobody_knows_whom_it_is_of)
    assert _is_counted(people[1], published)
    if changed is _is_erased:
        kept = ReleaseSheet.objects.get(release=built)
        _is_a_line_of_nobody(people[0], kept)
        late = packed(Sheet.of({str(people[0].pk): Line((), {"funnel.registered": 1.0, "body.w12.change": -9.0})}))
        ReleaseSheet.objects.filter(pk=kept.pk).update(lines=late)  # as of one that was being counted meanwhile
        erase_person(person=people[2].person, by=System.WORKER)
        kept.refresh_from_db()
        assert unpacked(kept.lines).amount("body.w12.change").tolist() == [0.0]
        as_kept = kept.lines
        forget([people[0].pk])
        kept.refresh_from_db()
        assert kept.lines == as_kept, "where they do not stand nothing is written"


def test_what_was_made_more_than_two_weeks_ago_is_not_published(
    asked: Release, dee: User, counting: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_release(release=asked, by=System.WORKER)
    today = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda: today + dt.timedelta(days=15))
    with pytest.raises(TooLongAgo):
        publish_release(release=asked, by=dee.person)
    monkeypatch.setattr(timezone, "localdate", lambda: today + dt.timedelta(days=14))
    assert publish_release(release=asked, by=dee.person).state == ReleaseState.PUBLISHED


def test_the_command_says_what_to_do_where_what_waited_is_out_of_date(asked: Release, counting: dict[str, Any]) -> None:
    Release.objects.update(as_at=timezone.localdate() - dt.timedelta(days=15))
    command = ("build_release", "--programme", "wessex", "--organisation", "alliance", "--publish")
    with pytest.raises(CommandError, match="Run this again, which makes a new one"):
        call_command(*command)
    call_command(*command)
    assert Release.objects.get(state=ReleaseState.PUBLISHED).number == 2


def test_figures_changed_since_the_attack_are_not_published(
    asked: Release, dee: User, counting: dict[str, Any]
) -> None:
    build_release(release=asked, by=System.WORKER)
    Release.objects.filter(pk=asked.pk).update(method={})
    with pytest.raises(OvertakenByAnother):
        publish_release(release=asked, by=dee.person)


def test_beside_a_release_of_which_nobody_knows_whom_it_counted_its_figures_repeat(
    asked: Release, people: list[Participant], dee: User
) -> None:
    first = publish_release(release=build_release(release=asked, by=System.WORKER), by=dee.person)
    ReleaseSheet.objects.all().delete()
    consents(people[0], given=False)
    second = request_release(programme=asked.programme, organisation=asked.organisation, by=dee.person)
    build_release(release=second, by=System.WORKER)
    assert second.state == ReleaseState.BUILT, second.attack
    assert second.cells.filter(status="shown", counted_in=None).exclude(measure__startswith="safety").count() == 0
    repeated = second.cells.get(measure="funnel.registered", where={})
    assert (repeated.value, repeated.counted_in) == (15, first)


def test_beside_a_release_whose_areas_were_other_ones_nothing_is_built(
    asked: Release, people: list[Participant]
) -> None:
    release_with_figures(programme=asked.programme)
    built = build_release(release=asked, by=System.WORKER)
    assert built.state == ReleaseState.BLOCKED
    assert "area is divided in another way than before" in built.attack["gave_up"]


def test_every_quarter_each_agreement_in_force_gets_a_release_to_look_at(
    programme: Programme, alliance: Organisation, queue: InMemoryConnector
) -> None:
    tasks.quarterly_releases()
    (release,) = Release.objects.all()
    assert (release.organisation, release.state, release.asked_by) == (alliance, ReleaseState.QUEUED, None)


def test_the_figures_of_a_release_are_as_of_its_date(asked: Release, people: list[Participant]) -> None:
    Release.objects.update(as_at=timezone.localdate() - dt.timedelta(days=31))
    Participant.objects.update(registered_at=timezone.now() - dt.timedelta(days=60))
    asked.refresh_from_db()
    built = build_release(release=asked, by=System.WORKER)
    assert (_figure(built, "funnel.registered"), _figure(built, "funnel.started")) == (15, 0)
