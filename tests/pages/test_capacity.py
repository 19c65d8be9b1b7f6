"""Who decides for somebody who cannot: for staff, on top, and nowhere else."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import AccessLog
from participants import capacity
from participants.models import DecidesBy, DecisionMaker
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def sent(dee):
    today = timezone.localdate()
    return {
        "name": "Len Attorney",
        "relationship": "son",
        "phone": "01632 960555",
        "ground": "lasting_power",
        "seen_by": str(dee.person_id),
        "seen_on-day": today.day,
        "seen_on-month": today.month,
        "seen_on-year": today.year,
        "note": "Ask before any new class",
    }


@pytest.fixture
def decided(pat, dee):
    return capacity.record_decision_maker(
        participant=pat,
        name="Len Attorney",
        relationship="son",
        phone="+441632960555",
        ground=DecidesBy.LASTING_POWER,
        note="Ask before any new class",
        seen_by=dee.person,
        seen_on=timezone.localdate(),
        by=dee.person,
    )


def text_of(answer):
    return answer.content.decode()


def main_of(answer):
    shown = text_of(answer)
    return shown[shown.index("<h1") :]


def test_the_desk_records_it_and_it_stands_on_top_of_the_person_page(desk, dee, pat, sent):
    page = f"/desk/people/{pat.pk}/decides/"
    assert f'href="{page}"' in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert desk.get(page).status_code == 200
    assert desk.post(page, sent)["Location"] == f"/desk/people/{pat.pk}/"
    shown = main_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert "Len Attorney decides for Pat: ask Len Attorney first." in shown
    assert "Seen by Dee Desk on" in shown and "01632 960555" in shown and "Ask before any new class" in shown
    assert shown.index("Len Attorney") < shown.index("Date of birth")
    assert AccessLog.objects.filter(what="who decides for them", by=dee.person, target=pat.person).exists()


def test_it_stands_on_top_of_the_review(pat, clare, sign_in, decided):
    ClearanceFactory(participant=pat, state="needs_review")
    shown = main_of(sign_in(clare).get(f"/desk/people/{pat.pk}/clearance/"))
    assert shown.index("Len Attorney decides for Pat") < shown.index("What they answered")


def test_an_advocate_speaks_and_does_not_decide(desk, pat, sent):
    desk.post(f"/desk/people/{pat.pk}/decides/", sent | {"ground": "advocate"})
    shown = main_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert "Len Attorney speaks for Pat" in shown and "decides for Pat" not in shown


def test_what_is_missing_or_wrong_is_named_and_nothing_is_kept(desk, pat, sent):
    page = f"/desk/people/{pat.pk}/decides/"
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    later = {"seen_on-day": tomorrow.day, "seen_on-month": tomorrow.month, "seen_on-year": tomorrow.year}
    for wrong in ({"name": ""}, {"ground": ""}, {"seen_by": "1"}, {"seen_by": ""}, later, {"note": "x" * 301}):
        assert desk.post(page, sent | wrong).status_code == 422
    assert not DecisionMaker.objects.exists()


def test_it_ends_and_who_decided_before_can_be_read(desk, pat, decided):
    page = f"/desk/people/{pat.pk}/decides/"
    assert desk.get(page + "end/").status_code == 405
    desk.post(page + "end/")
    assert "Len Attorney" not in main_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert "Len Attorney, son" in text_of(desk.get(page))


def test_nobody_but_staff_reads_it_anywhere(pat, sam, ines, sign_in, decided):
    session = SessionFactory(programme=pat.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=5))
    BookingFactory(session=session, participant=pat)
    own, helper, teacher = (sign_in(user) for user in (pat.person.user, sam, ines.person.user))
    opened = [
        *(own.get(page) for page in ("/me/", "/me/details/", "/me/supporters/", "/me/health/", "/api/v1/own-record/")),
        *(helper.get(page) for page in ("/me/", "/me/supporters/", "/api/v1/people/")),
        teacher.get(f"/teach/classes/{session.pk}/register/"),
        teacher.get(f"/api/v1/sessions/{session.pk}/register/"),
    ]
    for answer in opened:
        assert answer.status_code == 200
        shown = text_of(answer)
        assert "Attorney" not in shown and "960555" not in shown and "lasting_power" not in shown


READERS = {  # happenings.py: that it changed, for the desk's timeline, never who
    f"participants/{name}.py" for name in ("capacity", "happenings", "models/__init__", "models/capacity")
} | {"records/merging/refusals.py"}  # that somebody decides on both records, and no word of who
PAGES = {f"frontend/views/desk/{name}.py" for name in ("capacity", "people", "clearance", "urls")}


def names_capacity(source: str) -> bool:
    """Whether a module imports who decides for whom, or reaches for it from a participant."""
    if not any(word in source for word in ("capacity", "DecisionMaker", "deciders")):
        return False  # nothing below can be true of it
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            imported = {f"{node.module}.{alias.name}" for alias in node.names}
            if {"participants.capacity", "participants.models.DecisionMaker"} & imported:
                return True
            if (node.module or "").endswith((".capacity", "participants.capacity")):
                return True
        if isinstance(node, ast.Attribute) and node.attr == "deciders":
            return True
    return False


def modules_of(app):
    """Without what Node has fetched, which takes longer to walk than all of ours."""
    ours = (one for one in (ROOT / app).iterdir() if one.name not in {"migrations", "node_modules"})
    return [file for one in ours for file in (one.rglob("*.py") if one.is_dir() else [one]) if file.suffix == ".py"]


def test_no_module_but_the_desks_reads_it():
    apps = (
        "accounts",
        "messaging",
        "participants",
        "instructors",
        "classes",
        "outcomes",
        "records",
        "frontend",
        "safefit",
    )
    files = [file for app in apps for file in modules_of(app)]
    reading = {str(f.relative_to(ROOT)) for f in files if names_capacity(f.read_text())}
    assert "frontend/views/desk/people.py" in reading
    assert reading - READERS - PAGES == set()


@pytest.mark.parametrize(
    "source",
    [
        "from participants import capacity",
        "from participants.capacity import decision_maker_of",
        "from participants.models import DecisionMaker",
        "participant.deciders.all()",
    ],
)
def test_the_check_finds_each_way_to_read_it(source):
    assert names_capacity(source)
