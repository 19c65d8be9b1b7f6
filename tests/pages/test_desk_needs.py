"""What helps somebody, written down at the desk, and shown wherever the desk is about to speak or write."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import AccessLog, Channel
from accounts.permissions import Role
from classes.models import BookingState
from messaging.models import Message, MessageState, Task
from messaging.worklist import raise_task
from participants import consents, details, needs
from participants.content import install
from participants.models import SupporterStatus
from participants.rules.application import Need
from participants.taking_part import life
from tests.factories.accounts import ContactPointFactory, ProgrammeFactory, someone
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


def text_of(answer):
    return answer.content.decode()


def day(on):
    return {"review_on-day": on.day, "review_on-month": on.month, "review_on-year": on.year}


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def test_the_desk_writes_down_what_somebody_says_with_when_to_ask_again(desk, dee, pat):
    page = f"/desk/needs/{pat.person_id}/"
    assert "Nothing is noted" in text_of(desk.get(page))
    sent = {"needs": ["braille", "hearing_loop"], "share": "some", "shared": ["hearing_loop"]}
    answer = desk.post(page, sent | day(in_days(60)))
    assert answer["Location"] == page
    rows = {row.kind: row for row in details.current_needs_of(pat.person)}
    assert {kind: row.share_with_instructors for kind, row in rows.items()} == {"braille": False, "hearing_loop": True}
    assert {(row.recorded_by, row.review_on) for row in rows.values()} == {(dee.person, in_days(60))}
    shown = text_of(desk.get(page))
    assert "by you. We ask again on" in shown and 'value="some" checked' in shown
    assert AccessLog.objects.filter(what="access needs", by=dee.person, target=pat.person).exists()


@pytest.mark.parametrize(("share", "told"), [("all", {"braille", "audio"}), ("none", set())])
def test_all_of_it_or_nothing_of_it_may_be_told(desk, pat, share, told):
    page = f"/desk/needs/{pat.person_id}/"
    desk.post(page, {"needs": ["braille", "audio"], "share": share} | day(in_days(60)))
    assert {row.kind for row in details.current_needs_of(pat.person) if row.share_with_instructors} == told
    assert f'value="{share}" checked' in text_of(desk.get(page))


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"needs": [], "share": "none"}, "They need nothing of this"),
        ({"needs": ["braille"]}, "Select what their instructors may know"),
        ({"needs": ["braille"], "share": "some"}, "Select what their instructors may know"),
        ({"needs": ["large_print"], "share": "none"}, "how large"),
        ({"needs": ["none"], "share": "none"} | day(dt.date(2020, 1, 1)), "The day to ask again"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_kept(desk, pat, sent, error):
    answer = desk.post(f"/desk/needs/{pat.person_id}/", day(in_days(60)) | sent)
    assert answer.status_code == 422 and error in text_of(answer)
    assert details.current_needs_of(pat.person) == []


def test_one_button_says_that_it_is_still_right_and_closes_the_task(desk, dee, pat):
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=pat.person, review_on=in_days(1))
    task = raise_task(
        programme=pat.programme, kind=needs.NEEDS_REVIEW, due_at=timezone.now(), about=pat.person,
        subject_id=pat.person_id, dedupe_key="needs", by=dee.person,
    )  # fmt: skip
    sheet = text_of(desk.get(f"/desk/tasks/{task.pk}/"))
    assert f'href="/desk/needs/{pat.person_id}/"' in sheet and "Braille" in sheet
    assert desk.get(f"/desk/needs/{pat.person_id}/right/").status_code == 405
    desk.post(f"/desk/needs/{pat.person_id}/right/")
    (row,) = details.current_needs_of(pat.person)
    assert (row.recorded_by, row.review_on) == (dee.person, needs.next_review())
    task.refresh_from_db()
    assert task.state == "cancelled"


def test_what_helps_a_supporter_is_noted_and_stands_on_the_persons_page(desk, dee, pat, sam):
    page = f"/desk/needs/{sam.person_id}/"
    shown = text_of(desk.get(page))
    assert "Sam helps Pat Example" in shown and "instructors" not in shown
    desk.post(page, {"needs": ["by_relay", "audio"]} | day(in_days(60)))
    assert [row.kind for row in details.current_needs_of(sam.person)] == ["by_relay", "audio"]
    assert not any(row.share_with_instructors for row in details.current_needs_of(sam.person))
    person = text_of(desk.get(f"/desk/people/{pat.pk}/"))
    card = person[person.index("People who help them") :]
    assert "Contact by phone through Relay UK" in card and page in card
    task = raise_task(
        programme=pat.programme, kind=needs.NEEDS_REVIEW, due_at=timezone.now(), about=sam.person,
        subject_id=sam.person_id, dedupe_key="needs", by=dee.person,
    )  # fmt: skip
    sheet = text_of(desk.get(f"/desk/tasks/{task.pk}/"))
    assert sheet.index("Audio") < sheet.index("How to reach them") and page in sheet


def test_the_person_page_says_who_noted_it_and_when_it_is_asked_again(desk, dee, pat):
    assert "Nothing is noted that helps them" in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=dee.person)
    shown = text_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert "by Dee Desk. We ask again on" in shown
    assert f'href="/desk/needs/{pat.person_id}/"' in shown


def test_what_is_not_of_this_desk_is_not_there(desk, pat, sam, ines, sign_in):
    elsewhere = sign_in(someone("Ed Elsewhere", Role.COORDINATOR, programme=ProgrammeFactory()))
    for browser, person in ((elsewhere, pat.person), (elsewhere, sam.person), (desk, ines.person)):
        assert browser.get(f"/desk/needs/{person.pk}/").status_code == 404
        assert browser.post(f"/desk/needs/{person.pk}/right/").status_code == 404
    pat.supporters.update(status=SupporterStatus.ENDED)
    assert desk.get(f"/desk/needs/{sam.person_id}/").status_code == 404


@pytest.mark.parametrize("page", ["health", "pause/now"])
def test_what_helps_somebody_stands_above_what_is_asked_of_them_by_phone(desk, dee, pat, page):
    needs.record_needs(person=pat.person, needs=[Need("slow_speech")], shared=(), by=dee.person)
    install(pat.programme, dee.person)
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    if page == "pause/now":
        life.pause(participant=pat, reason="operation", by=dee.person)
    answer = desk.get(f"/desk/people/{pat.pk}/{page}/")
    assert answer.status_code == 200
    shown = text_of(answer)
    assert shown.index("Slow, clear speech") < shown.index("<form", shown.index("<h1"))


# --- letters -----------------------------------------------------------------


@pytest.fixture
def letter(pat, dee):
    message = Message.objects.create(
        programme=pat.programme, person=pat.person, kind="registered", subject_id=pat.pk, dedupe_key="letter",
        state=MessageState.WITH_DESK, channel="post",
    )  # fmt: skip
    return raise_task(
        programme=pat.programme, kind="letter", due_at=timezone.now(), about=pat.person, subject_id=message.pk,
        dedupe_key="letter", by=dee.person,
    )  # fmt: skip


@pytest.mark.parametrize(("said", "size"), [((), 16), ((Need("large_print", "24 point"),), 24)])
def test_a_letter_is_printed_in_the_size_that_the_person_reads(desk, dee, pat, letter, said, size):
    needs.record_needs(person=pat.person, needs=said, shared=(), by=dee.person)
    ContactPointFactory(person=pat.person, channel=Channel.POST, value="1 Made Up Street, Poole", preferred=False)
    page = f"/desk/tasks/{letter.pk}/letter/"
    assert f'href="{page}"' in text_of(desk.get(f"/desk/tasks/{letter.pk}/"))
    printed: list[tuple[str, float]] = []
    first, *_ = PdfReader(BytesIO(desk.get(page).content)).pages
    first.extract_text(visitor_text=lambda text, _, __, ___, points: printed.append((text.strip(), points)))
    assert ("Hello Pat,", size) in printed
    assert "1 Made Up Street" in dict(printed)
    assert AccessLog.objects.filter(what="letter", target=pat.person).exists()


def test_there_is_no_letter_without_words_or_from_another_desk(desk, letter, pat, sign_in):
    elsewhere = sign_in(someone("Ed Elsewhere", Role.COORDINATOR, programme=ProgrammeFactory()))
    assert elsewhere.get(f"/desk/tasks/{letter.pk}/letter/").status_code == 404
    assert "no postal address is noted" in text_of(desk.get(f"/desk/tasks/{letter.pk}/letter/"))
    Message.objects.update(subject_id=0)
    assert desk.get(f"/desk/tasks/{letter.pk}/letter/").status_code == 409
    Task.objects.update(kind="welfare_call")
    assert desk.get(f"/desk/tasks/{letter.pk}/letter/").status_code == 404


def test_what_helps_stands_with_the_name_on_a_waiting_list_and_above_the_wellbeing_checks(desk, pat):
    needs.record_needs(person=pat.person, needs=[Need("slow_speech")], shared=(), by=pat.person)
    session = SessionFactory(programme=pat.programme, capacity=0)
    BookingFactory(session=session, participant=pat, state=BookingState.WAITING)
    BookingFactory(session=session, participant=ParticipantFactory(programme=pat.programme), state="waiting")
    for page in (f"/desk/timetable/{session.pk}/waiting/", f"/desk/people/{pat.pk}/wellbeing/"):
        shown = " ".join(text_of(desk.get(page)).split())
        assert shown.count("Slow, clear speech") == 1, page
        assert shown.index("Pat Example</") < shown.index("Slow, clear speech")
