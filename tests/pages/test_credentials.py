"""Pages about what instructors hold: sending it, checking it, letting it pass, and who teaches."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog
from accounts.permissions import Role
from classes.models import ClassType
from instructors.models import Credential, Evidence, Instructor, InstructorStatus, Override
from tests.factories.accounts import MembershipFactory, PersonFactory, ProgrammeFactory, someone
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory
from tests.factories.instructors import CredentialFactory, InstructorFactory
from tests.unit.instructors.test_evidence import A_PDF, png

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&#39;", "'").split())


def boxes(name: str, on: dt.date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def today(days: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def file(content: bytes, name: str = "../../etc/passwd.pdf", says: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, says)


@pytest.fixture
def lin(programme: Any) -> Instructor:
    user = someone("Lin Lonely", *(), programme=programme)
    made: Instructor = InstructorFactory(person=user.person, programme=programme, credentials=[])
    return made


@pytest.fixture
def teaching(sign_in: Any, ines: Instructor) -> Client:
    Credential.objects.filter(instructor=ines, kind="first_aid").update(expires_on=today(20))
    Credential.objects.filter(instructor=ines, kind__in=["membership", "safeguarding"]).delete()
    browser: Client = sign_in(ines.person.user)
    return browser


@pytest.fixture
def desk(sign_in: Any, dee: Any) -> Client:
    browser: Client = sign_in(dee)
    return browser


@pytest.fixture
def kind(programme: Any) -> ClassType:
    made: ClassType = ClassTypeFactory(
        programme=programme, name="Chair class", credentials_needed=["first_aid", "membership"]
    )
    return made


# --- the instructor -----------------------------------------------------------


def test_an_instructor_reads_what_counts_what_runs_out_and_what_is_missing(teaching: Client, kind: ClassType) -> None:
    page = text(teaching.get("/teach/credentials/"))
    assert "Runs out in 20 days" in page and "Professional membership Needed for Chair class. Missing" in page
    assert "Needed for every class online." in page and "Send something else" in page


def test_what_is_sent_waits_and_says_so_while_the_old_one_counts(teaching: Client, ines: Instructor) -> None:
    where = f"/teach/credentials/{ines.pk}/first_aid/"
    sent = {**boxes("issued_on", today()), "evidence": "FA-1", "file": file(A_PDF)}
    page = text(teaching.post(where, sent, follow=True))
    assert "It counts once the desk has checked it." in page
    assert "You have sent the new one. It waits to be checked." in page
    new = Credential.objects.latest("pk")
    assert (new.verified_at, new.evidence, bytes(new.file.content)) == (None, "FA-1", A_PDF)
    assert "Waits to be checked" in text(teaching.get(where))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><script>1</script>", "must be a PDF, a JPEG or a PNG"),
        (png(60_000, 60_000), "too large to be opened safely"),
        (A_PDF[:-8], "not whole"),
        (A_PDF + b" " * 5 * 1024 * 1024, "must be smaller than 5 MB"),
        (b"", "is empty"),
    ],
)
def test_a_file_is_judged_by_what_is_in_it(content: bytes, words: str, teaching: Client, ines: Instructor) -> None:
    sent = {**boxes("issued_on", today()), "file": file(content)}
    answer = teaching.post(f"/teach/credentials/{ines.pk}/first_aid/", sent)
    assert answer.status_code == 422 and words in text(answer)
    assert not Evidence.objects.exists() and Credential.objects.filter(kind="first_aid").count() == 1


def test_no_copy_of_a_dbs_check_is_taken_and_the_page_says_why(teaching: Client, ines: Instructor) -> None:
    where = f"/teach/credentials/{ines.pk}/dbs/"
    assert "we keep none of a DBS certificate" in text(teaching.get(where))
    sent = {**boxes("issued_on", today()), "level": "enhanced", "update_service": "yes"}
    answer = teaching.post(where, {**sent, "file": file(A_PDF)})
    assert answer.status_code == 422 and "We keep no copy of a DBS certificate" in text(answer)
    assert not Evidence.objects.exists()
    assert teaching.post(where, sent).status_code == 302
    assert Credential.objects.latest("pk").level == "enhanced"


def test_the_form_says_what_is_wrong_with_days(teaching: Client, ines: Instructor) -> None:
    where = f"/teach/credentials/{ines.pk}/indemnity/"
    answer = teaching.post(where, boxes("issued_on", today()))
    assert answer.status_code == 422 and "Enter the day on which it runs out" in text(answer)
    answer = teaching.post(where, {**boxes("issued_on", today()), **boxes("expires_on", today(-1))})
    assert "It must run out after the day from which it counts" in text(answer)


def test_an_unknown_kind_is_not_there(teaching: Client, desk: Client, ines: Instructor) -> None:
    assert teaching.get(f"/teach/credentials/{ines.pk}/lifesaving/").status_code == 404
    assert desk.get(f"/desk/instructors/{ines.pk}/holds/lifesaving/").status_code == 404


@pytest.mark.parametrize("audience", ["teach", "desk"])
def test_a_file_is_saved_never_shown_in_place_and_each_opening_is_logged(
    audience: str, teaching: Client, desk: Client, ines: Instructor
) -> None:
    sent = {**boxes("issued_on", today()), "file": file(A_PDF, says="text/html")}
    teaching.post(f"/teach/credentials/{ines.pk}/first_aid/", sent)
    paper = Credential.objects.latest("pk")
    where = {
        "teach": (teaching, f"/teach/credentials/files/{paper.pk}/"),
        "desk": (desk, f"/desk/instructors/papers/{paper.pk}/file/"),
    }[audience]
    answer = where[0].get(where[1])
    assert answer.content == A_PDF and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="evidence-{paper.pk}.pdf"'
    assert "no-store" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "default-src 'none'" in answer["Content-Security-Policy"]
    assert AccessLog.objects.filter(target=ines.person, what="evidence").count() == 1


# --- the desk -----------------------------------------------------------------


def test_the_list_says_who_has_what_to_see_to_and_is_narrowed(
    desk: Client, ines: Instructor, ivor: Instructor, lin: Instructor, kind: ClassType
) -> None:
    Credential.objects.filter(instructor=ines, kind="first_aid").update(expires_on=today(20))
    CredentialFactory(instructor=ivor, kind="dbs", verified_by=None, verified_at=None)
    led = SessionFactory(programme=kind.programme, class_type=kind, leader=lin)
    BookingFactory(session=led)
    page = text(desk.get("/desk/instructors/"))
    assert "Ines Teacher Runs out, or has: First aid and CPR Runs out" in page
    assert "Lin Lonely 1 person booked on those dates&nbsp;· Missing: Professional membership," in page
    assert "May not lead 1 date" in page
    for show, name in (("to_check", "Ivor Coach"), ("ends", "Ines Teacher"), ("lacks", "Lin Lonely")):
        shown = text(desk.get(f"/desk/instructors/?show={show}"))
        assert [one for one in ("Ines Teacher", "Ivor Coach", "Lin Lonely") if one in shown] == [name]
    assert "Nobody matches this." in text(desk.get("/desk/instructors/?show=stood_down"))


def test_the_desk_looks_at_what_was_sent_and_it_counts(desk: Client, lin: Instructor, kind: ClassType) -> None:
    paper = CredentialFactory(instructor=lin, kind="first_aid", verified_by=None, verified_at=None)
    SessionFactory(programme=kind.programme, class_type=kind, leader=lin)
    page = text(desk.get(f"/desk/instructors/{lin.pk}/"))
    assert "May not lead 1 date to come" in page and "First aid and CPR waits to be checked" in page
    assert "There is no file." in text(desk.get(f"/desk/instructors/papers/{paper.pk}/"))
    page = text(desk.post(f"/desk/instructors/papers/{paper.pk}/", {"seen": "yes"}, follow=True))
    assert "Seen: First aid and CPR. It counts." in page
    paper.refresh_from_db()
    assert paper.verified_by is not None


def test_what_does_not_count_is_sent_back_with_a_reason_that_the_instructor_reads(
    desk: Client, teaching: Client, ines: Instructor
) -> None:
    paper = Credential.objects.get(instructor=ines, kind="first_aid")
    where = f"/desk/instructors/papers/{paper.pk}/"
    assert desk.post(where, {"reason": ""}).status_code == 422
    desk.post(where, {"reason": "The name is another."})
    assert "Sent back: The name is another." in text(teaching.get("/teach/credentials/"))
    again = text(desk.post(where, {"reason": "Again."}, follow=True))
    assert "It was sent back before, so nothing was changed." in again
    assert "I have seen it" not in text(desk.get(where))


def test_nobody_at_the_desk_checks_or_lets_pass_what_they_hold_themselves(desk: Client, dee: Any) -> None:
    own = InstructorFactory(person=dee.person, programme=dee.memberships.get().programme, credentials=[])
    paper = CredentialFactory(instructor=own, kind="first_aid", verified_by=None, verified_at=None)
    page = text(desk.post(f"/desk/instructors/papers/{paper.pk}/", {"seen": "yes"}, follow=True))
    assert "Somebody else must look at it" in page
    where = f"/desk/instructors/{own.pk}/holds/membership/"
    sent = {**boxes("issued_on", today()), **boxes("expires_on", today(9)), "seen": "yes"}
    assert "Somebody else must look at it" in text(desk.post(where, sent))
    passed = desk.post(f"{where}let-pass/", {**boxes("ends_on", today(9)), "reason": "Trust me."})
    assert "Somebody else must decide" in text(passed)
    assert not Override.objects.exists()


def test_a_paper_that_was_seen_is_noted_and_counts_at_once(desk: Client, lin: Instructor) -> None:
    where = f"/desk/instructors/{lin.pk}/holds/dbs/"
    sent = {**boxes("issued_on", today(-9)), "level": "enhanced", "update_service": "no"}
    assert "It waits to be checked." in text(desk.post(where, sent, follow=True))
    assert "It counts." in text(desk.post(where, {**sent, "seen": "yes"}, follow=True))
    paper = Credential.objects.latest("pk")
    page = text(desk.get(f"/desk/instructors/papers/{paper.pk}/"))
    assert "No copy of a DBS certificate is kept." in page and "Level Enhanced" in page and "Update service No" in page
    desk.post(where, {**sent, "update_service": "yes"})
    page = text(desk.get(f"/desk/instructors/papers/{Credential.objects.latest('pk').pk}/"))
    assert "or at the update service" in page


def test_the_desk_lets_somebody_lead_without_something_and_it_is_said_wherever_they_are_shown(
    desk: Client, lin: Instructor, kind: ClassType
) -> None:
    kind.credentials_needed = ["first_aid"]
    kind.save()
    SessionFactory(programme=kind.programme, class_type=kind, leader=lin)
    where = f"/desk/instructors/{lin.pk}/holds/first_aid/let-pass/"
    too_long = desk.post(where, {**boxes("ends_on", today(99)), "reason": "Course."})
    assert too_long.status_code == 422 and "or earlier" in text(too_long)
    page = text(desk.post(where, {**boxes("ends_on", today(9)), "reason": "Course on Monday."}, follow=True))
    assert "Leads 1 date only because the desk lets something pass" in page and "Course on Monday." in page
    assert "Let pass: First aid and CPR" in text(desk.get("/desk/instructors/"))
    assert "Added" in text(desk.get(where))
    assert "Change or end this" in text(desk.get(f"/desk/instructors/{lin.pk}/holds/first_aid/"))
    page = text(desk.post(f"/desk/instructors/{lin.pk}/holds/first_aid/end/", follow=True))
    assert "May not lead 1 date to come" in page
    assert "Ended: nothing →" in text(desk.get(where))


def test_nobody_leads_without_a_dbs_check_whatever_is_sent(desk: Client, lin: Instructor) -> None:
    where = f"/desk/instructors/{lin.pk}/holds/dbs/let-pass/"
    assert "Nobody may lead without this, for no day." in text(desk.get(where))
    answer = desk.post(where, {**boxes("ends_on", today()), "reason": "Only once."})
    assert "Find somebody else for these classes" in text(answer) and not Override.objects.exists()


def test_somebody_who_signs_in_already_is_taken_on(desk: Client, nell: Any) -> None:
    unknown = desk.post("/desk/instructors/add/", {"email": "nobody@example.org"})
    assert unknown.status_code == 422 and "Nobody signs in with this address." in text(unknown)
    page = text(desk.post("/desk/instructors/add/", {"email": nell.email.upper()}, follow=True))
    assert "Nell Norole teaches now. Note what they hold." in page
    assert Instructor.objects.get(person=nell.person).status == InstructorStatus.ACTIVE


def test_who_arranges_several_programmes_says_for_which_one(desk: Client, dee: Any, nell: Any) -> None:
    other = ProgrammeFactory()
    MembershipFactory(user=dee, role=Role.COORDINATOR.value, programme=other)
    assert desk.post("/desk/instructors/add/", {"email": nell.email}).status_code == 422
    desk.post("/desk/instructors/add/", {"email": nell.email, "programme": str(other.pk)})
    assert Instructor.objects.get(person=nell.person).programme == other


def test_teaching_is_stopped_with_a_reason_names_the_dates_and_can_begin_again(
    desk: Client, programme: Any, kind: ClassType
) -> None:
    long = {"given_name": "Wilhelmina-Konstantinopoulou", "family_name": "Featherstonehaugh-Cholmondeley"}
    who = InstructorFactory(programme=programme, person=PersonFactory(**long))
    SessionFactory(programme=programme, class_type=kind, leader=who)
    where = f"/desk/instructors/{who.pk}/stand-down/"
    assert "They lead 1 date to come." in text(desk.get(where))
    assert desk.post(where, {"reason": ""}).status_code == 422
    page = text(desk.post(where, {"reason": "Moved away."}, follow=True))
    assert "teaches no more" in page and "May not lead 1 date" in page and "Status: active → stood down" in page
    assert long["family_name"] in text(desk.get("/desk/instructors/?show=stood_down"))
    assert "teaches again." in text(desk.post(where, {"again": "yes"}, follow=True))
