from __future__ import annotations

import datetime as dt
import hashlib
import json
import stat
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from procrastinate.testing import InMemoryConnector

from accounts.history import System
from accounts.models import Programme, User
from classes.models import AttendanceState
from outcomes.answering.goals import set_goal
from outcomes.being_built import WrongState
from outcomes.extracts import building, making
from outcomes.extracts.asking import NotNow, agree, ask_for_change, latest_of
from outcomes.extracts.building import BUILD_JOB, build_by_id, build_extract, request_extract, try_again
from outcomes.extracts.gathering import agreeing_people, facts_of
from outcomes.extracts.keys import KeyIsGone, key_of
from outcomes.extracts.taking import extracts_that_held
from outcomes.models import Extract, ExtractBundle, ExtractMember, ExtractState, Measure, ResearchProject
from participants.models import ConsentKind, EnrolmentPause, Equality, Participant
from tests.factories.extracts import agreed, asked, opened, rows_of, wanted
from tests.factories.incidents import IncidentFactory
from tests.factories.outcomes import (
    AssessmentFactory,
    QuestionnaireFileFactory,
    TimepointFactory,
    answers_of,
    attended,
    consents,
    sent_form,
)
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
CANARIES = ("Zanzibella", "SO17 1BJ", "zanzibella@example.org", "+447700900001", "07700 900001", "phrase of mine",
            "943 476 5919", "9434765919", "Ines", "Teacher", "SF-99")  # fmt: skip


def built(project: ResearchProject) -> Extract:
    return build_extract(extract=request_extract(project=project, by=System.WORKER), by=System.WORKER)


def files(extract: Extract) -> dict[str, bytes]:
    return opened(bytes(ExtractBundle.objects.get(extract=extract).content))


def agreeing(programme: Programme) -> Participant:
    person = ParticipantFactory(programme=programme)
    consents(person, ConsentKind.RESEARCH)
    return person


def people_in(extract: Extract) -> set[str]:
    return {row["pid"] for row in rows_of(files(extract)["person.parquet"])}


def test_asking_queues_one_job_and_a_second_asking_is_the_same_extract(
    project: ResearchProject, dee: User, queue: InMemoryConnector
) -> None:
    extract = request_extract(project=project, by=dee.person)
    assert request_extract(project=project, by=dee.person) == extract
    (job,) = queue.jobs.values()
    assert (job["task_name"], job["args"]) == (BUILD_JOB, {"extract_id": extract.pk})
    assert (extract.number, extract.asked_by, extract.state) == (1, dee.person, ExtractState.QUEUED)


def test_nothing_is_asked_for_before_two_have_agreed(programme: Programme, dee: User, clare: User) -> None:
    specification = agreed(programme, dee.person, clare.person)
    with pytest.raises(NotNow):
        request_extract(project=specification.project, by=dee.person)
    assert not Extract.objects.exists()


def test_it_is_sealed_signed_and_says_what_is_in_it(project: ResearchProject, members: list[Participant]) -> None:
    extract = built(project)
    assert (extract.state, extract.steps_done, extract.reason) == (ExtractState.BUILT, extract.steps_total, "")
    sealed = bytes(extract.bundle.content)
    assert sealed.startswith(b"age-encryption.org/v1")
    assert hashlib.sha256(sealed).hexdigest() == extract.sha256
    found = files(extract)
    manifest = json.loads(found["manifest.json"])
    assert manifest == extract.manifest
    assert (manifest["people"], manifest["protection"]["smallest_group"], manifest["left_out"]["people"]) == (6, 6, 0)
    assert manifest["specification"] == {"version": 1, "sha256": latest_of(project).sha256}
    assert manifest["code"] == making.code_version()
    key = Ed25519PublicKey.from_public_bytes(b64decode(manifest["signed_with"]))
    key.verify(b64decode(found["manifest.json.sig"]), found["manifest.json"])
    assert {member.participant for member in extract.members.all()} == set(members)


def test_the_same_people_have_the_same_names_next_time_and_others_in_another_project(
    programme: Programme, project: ResearchProject, members: list[Participant], dee: User, clare: User, ada: User
) -> None:
    first, second = built(project), built(project)
    other = built(agreed(programme, dee.person, clare.person, ada.person).project)
    assert people_in(first) == people_in(second)
    assert len(people_in(other)) == len(members)
    assert people_in(first).isdisjoint(people_in(other))


def test_what_two_extracts_of_a_project_say_of_somebody_together_is_true_of_k_others(
    programme: Programme, project: ResearchProject, members: list[Participant], dee: User, clare: User, ada: User
) -> None:
    for place, member in enumerate(members + [agreeing(programme) for _ in range(6)]):
        Equality.objects.create(participant=member, sex="male" if place % 2 else "female")
        member.area = programme.areas[0] if place in (0, 1, 2, 3, 4, 6) else ""
        member.save(update_fields=["area"])
    for fields in (("person.sex",), ("person.area",)):
        specification = ask_for_change(project=project, wanted=wanted(fields=fields, order=("area",)), by=dee.person)
        for one in (clare, ada):
            agree(specification=specification, by=one.person)
        built(project)
    first, second = Extract.objects.order_by("number")
    sexes, areas = ({row.pop("pid"): row for row in rows_of(files(one)["person.parquet"])} for one in (first, second))
    assert {len(sexes), *Counter(row["sex"] for row in sexes.values()).values()} == {12, 6}
    joined = Counter((sexes[pid]["sex"], row["area"]) for pid, row in areas.items())
    assert joined == {("female", "any"): 6, ("male", "any"): 6}
    assert (first.manifest["protection"]["beside"], second.manifest["protection"]["beside"]) == ([], [1])
    assert second.manifest["protection"]["smallest_group"] == 6


def test_only_people_who_agree_at_this_moment_are_in_it(
    project: ResearchProject, members: list[Participant], pat: Participant
) -> None:
    first = built(project)
    consents(members[0], ConsentKind.RESEARCH, given=False)
    second = built(project)
    gone = people_in(first) - people_in(second)
    assert len(gone) == 1
    assert all(next(iter(gone)).encode() not in content for content in files(second).values())
    assert {row.participant for row in second.members.all()} == set(members[1:])
    assert ExtractMember.objects.filter(participant=members[0]).get().extract == first
    consents(members[0], ConsentKind.RESEARCH)
    consents(members[1], ConsentKind.HEALTH)
    consents(members[1], ConsentKind.HEALTH, given=False)
    assert set(agreeing_people(project.programme)) == set(members) - {members[1]}


def test_of_somebody_who_is_erased_nothing_says_any_more_that_they_were_in_it(
    project: ResearchProject, members: list[Participant]
) -> None:
    extract = built(project)
    before = extract.sha256
    ExtractMember.objects.filter(participant=members[0]).delete()
    assert extracts_that_held(members[0]) == []
    extract.refresh_from_db()
    assert (extract.sha256, extract.members.count()) == (before, 5)


def test_who_takes_back_their_consent_while_it_is_built_is_not_in_it(
    project: ResearchProject, members: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    make, times = making.make, []

    def slowly(extract: Extract, **given: Any) -> making.Made:
        made = make(extract, **given)
        if not times:
            consents(members[0], ConsentKind.RESEARCH, given=False)
        times.append(made)
        return made

    monkeypatch.setattr(building, "make", slowly)
    extract = built(project)
    assert len(times) == 2
    assert extract.manifest["people"] == extract.members.count() == 5


def test_too_few_people_are_given_to_nobody(project: ResearchProject, members: list[Participant]) -> None:
    for member in members[:2]:
        consents(member, ConsentKind.RESEARCH, given=False)
    extract = built(project)
    assert (extract.state, extract.reason) == (ExtractState.BLOCKED, making.TOO_FEW)
    assert not ExtractBundle.objects.exists() and not ExtractMember.objects.exists()


def test_what_the_second_look_finds_is_sealed_for_nobody(
    project: ResearchProject, members: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "findings", lambda *_: ["a group of 1 people, where 5 is the least"])
    extract = built(project)
    assert (extract.state, extract.reason, extract.manifest) == (ExtractState.BLOCKED, making.UNSAFE, {})
    assert not ExtractBundle.objects.exists()


def test_a_specification_that_no_longer_stands_stops_the_build(
    project: ResearchProject, members: Any, dee: User
) -> None:
    extract = request_extract(project=project, by=dee.person)
    assert asked(project.programme, dee.person)  # of another project, and so none of its business
    ask_for_change(project=project, wanted=wanted(k=6), by=dee.person)
    build_by_id(extract.pk, by=System.WORKER)
    extract.refresh_from_db()
    assert (extract.state, extract.reason) == (ExtractState.FAILED, making.NOT_AGREED)


def test_the_key_is_a_file_of_its_own_that_nobody_else_reads(
    project: ResearchProject, members: list[Participant], keys: Path
) -> None:
    extract = built(project)
    (path,) = keys.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert len(path.read_bytes()) == 32
    assert all(path.read_bytes() not in content for content in files(extract).values())
    path.chmod(0o640)
    assert (built(project).reason, Extract.objects.latest("pk").state) == (making.KEY_OPEN, ExtractState.FAILED)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(bytes(32))])
def test_another_key_or_none_joins_nobody_to_what_was_built_before(
    spoil: Callable[[Path], object], project: ResearchProject, members: list[Participant], keys: Path
) -> None:
    built(project)
    spoil(next(keys.iterdir()))
    again = built(project)
    assert (again.state, again.reason) == (ExtractState.FAILED, making.KEY_GONE)


def test_a_key_that_was_made_by_a_build_cut_short_is_used(project: ResearchProject, members: Any, keys: Path) -> None:
    made = key_of(project)
    assert key_of(ResearchProject.objects.get()) == made
    assert built(project).state == ExtractState.BUILT
    project.key_destroyed_at = timezone.now()
    with pytest.raises(KeyIsGone):
        key_of(project)


def test_an_error_leaves_it_to_be_tried_again(
    project: ResearchProject, members: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    extract = request_extract(project=project, by=System.WORKER)
    with monkeypatch.context() as patch:
        patch.setattr(making, "seal", breaks)
        with pytest.raises(OSError, match="full"):
            build_extract(extract=extract, by=System.WORKER)
    assert (extract.state, extract.reason, extract.steps_done) == (ExtractState.FAILED, "error", 4)
    assert try_again(extract=extract, by=System.WORKER).state == ExtractState.QUEUED
    assert build_extract(extract=extract, by=System.WORKER).state == ExtractState.BUILT
    with pytest.raises(WrongState):
        try_again(extract=extract, by=System.WORKER)


def test_building_twice_changes_nothing(
    project: ResearchProject, members: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = built(project)
    before = extract.sha256
    assert build_extract(extract=Extract.objects.get(), by=System.WORKER).sha256 == before
    make, late = making.make, request_extract(project=project, by=System.WORKER)

    def overtaken(extract: Extract, **given: Any) -> making.Made:
        made = make(extract, **given)
        Extract.objects.filter(pk=late.pk).update(state=ExtractState.FAILED, reason="error")
        return made

    monkeypatch.setattr(building, "make", overtaken)
    assert build_extract(extract=late, by=System.WORKER).state == ExtractState.FAILED
    assert ExtractBundle.objects.count() == 1


def test_one_that_another_worker_has_given_up_is_not_given_up_twice(
    project: ResearchProject, members: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(extract: Extract, **_: Any) -> making.Made:
        Extract.objects.filter(pk=extract.pk).update(state=ExtractState.FAILED, reason="error")
        raise making.Stopped(making.TOO_FEW, blocked=True)

    monkeypatch.setattr(building, "make", stops)
    extract = built(project)
    assert (extract.state, extract.reason) == (ExtractState.FAILED, "error")


def test_who_was_in_it_and_what_was_sealed_is_never_rewritten(project: ResearchProject, members: Any) -> None:
    extract = built(project)
    changes: list[Callable[[], object]] = [
        lambda: ExtractMember.objects.update(since=timezone.now()),
        lambda: ExtractBundle.objects.update(content=b""),
        lambda: Extract.objects.filter(pk=extract.pk).update(state="queued"),
        lambda: Extract.objects.filter(pk=extract.pk).update(state="taken"),
        lambda: Extract.objects.filter(pk=extract.pk).update(sha256=""),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_no_byte_says_who_somebody_is(
    project: ResearchProject, members: list[Participant], ines: Any, dee: User
) -> None:
    one = members[0]
    person = one.person
    person.given_name, person.family_name, person.known_as = "Zanzibella", "Zanzibella", "Zanzibella"
    person.save()
    one.postcode, one.reference, one.emergency_name = "SO17 1BJ", "SF-99", "Zanzibella"
    one.save()
    person.contact_points.create(channel="email", value="zanzibella@example.org")
    person.contact_points.create(channel="text", value="+447700900001")
    Equality.objects.create(participant=one, sex="prefer_not", ethnicity="prefer_not", cancer_type="prefer_not")
    attended(one, timezone.localdate() - dt.timedelta(days=6), leader=ines)
    attended(members[2], timezone.localdate() - dt.timedelta(days=5), AttendanceState.SERVICE_CANCELLED)
    session = one.bookings.latest("pk").session
    IncidentFactory(session=session, participant=one, reported_by=ines.person, what_happened="phrase of mine")
    today = timezone.localdate()
    ended, goes_on = one.enrolments.get(), members[1].enrolments.get()
    over = {"starts_on": today - dt.timedelta(days=5), "ends_on": today - dt.timedelta(days=3)}
    EnrolmentPause.objects.create(enrolment=ended, reason="phrase of mine", **over)
    EnrolmentPause.objects.create(enrolment=goes_on, starts_on=today, reason="phrase of mine")
    ended.ends_on, ended.end_reason = today, "phrase of mine"
    ended.save()
    assessment = AssessmentFactory(participant=one)
    sent_form(assessment, answers_of(6), on=timezone.localdate())
    later = TimepointFactory(programme=project.programme, code="w12", label="12 weeks", day=84)
    for other in members[3:5]:  # two of one version, which is read once
        sent_form(AssessmentFactory(participant=other, timepoint=later), answers_of(5), on=timezone.localdate())
    set_goal(participant=one, words="phrase of mine", near=4, by=one.person)
    stands = {"kind": "sts_30", "result": "done", "value": 12, "safety_version": "2026-1", "measured_on": today}
    Measure.objects.create(participant=one, by=ines.person, **stands)
    extract = built(project)
    found = files(extract)
    assert [row["category"] for row in rows_of(found["safety.parquet"])] != []
    assert [(row["goal"], row["value"], row["timepoint"]) for row in rows_of(found["goal.parquet"])] == [
        (1, 4, "start")
    ]
    assert [(row["value"], row["rel_day"]) for row in rows_of(found["measure.parquet"])] == [(12, 20)]
    happened = [row["type"] for row in rows_of(found["event.parquet"])]
    assert {"pause_started": 2, "pause_ended": 1, "programme_ended": 1}.items() <= Counter(happened).items()
    assert len(rows_of(found["item.parquet"])) == 39
    assert len(rows_of(found["session.parquet"])) == 7  # of a class that was cancelled nothing is said
    said = json.loads(found["dictionary.json"])
    (check,) = said["questionnaires"]
    assert {row["item"] for row in rows_of(found["item.parquet"])} <= {one["item"] for one in check["items"]}
    assert (
        check["items"][0]["words"].startswith("In the last seven days")
        and {"day": 84, "timepoint": "w12"} in said["timepoints"]
    )
    everything = [*found.values(), json.dumps(extract.manifest).encode()]
    everything += [str(rows_of(content)).encode() for name, content in found.items() if name.endswith(".parquet")]
    QuestionnaireFileFactory(questionnaire=assessment.questionnaire)
    assert not any(form.is_ours for facts in facts_of(project.programme).values() for form in facts.forms)
    for canary in CANARIES:
        assert not any(canary.lower().encode() in content.lower() for content in everything), canary
    assert not any(
        str(timezone.localdate().year).encode() + b"-" in found[name] for name in found if name.endswith(".ndjson")
    )


def test_the_command_builds_and_says_what_stops_it(
    project: ResearchProject, members: list[Participant], dee: User, capsys: Any
) -> None:
    call_command("build_extract", str(project.pk))
    assert "number 1, 6 people, sealed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no research project 0. There are:"):
        call_command("build_extract", "0")
    for member in members:
        consents(member, ConsentKind.RESEARCH, given=False)
    with pytest.raises(CommandError, match="too_few"):
        call_command("build_extract", str(project.pk))
    waiting = asked(project.programme, dee.person).project
    with pytest.raises(CommandError, match="is waits. Two people must"):
        call_command("build_extract", str(waiting.pk))
