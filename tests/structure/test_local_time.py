"""A time on a UK clock is made where somebody reads it or types it, and nowhere is it compared or counted with.

Two moments that share a zone object are compared, and taken from one another, by what the clock shows: the first and
the second 1:30am of an October night are then one. So a moment in UK time may live only in the modules named here,
each with its reason; anywhere else it is turned into UTC, a date, a time of day or text in the same breath.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from safefit.postgres import ROOT

APPS = (
    "accounts",
    "messaging",
    "participants",
    "instructors",
    "classes",
    "outcomes",
    "records",
    "frontend",
    "safefit",
    "bench",
)
HARMLESS = frozenset({"date", "time", "isoformat", "strftime", "utcoffset"})
MAY = {
    "accounts/appointments.py": "the midnight at which a role ends, for the database",
    "classes/judging/weekly_limits.py": "midnights as bounds of a week, for the database, which compares instants",
    "classes/listing.py": "the last moment of today, for the database",
    "classes/readiness.py": "midnights as bounds of a day, for the database",
    "classes/register/fewer_contacts.py": "midnights as bounds of weeks, for the database",
    "classes/telling/calendars.py": "calendar files hold UK time with its zone, and UTC where a time happens twice",
    "classes/wall_time.py": "asks whether a clock ever shows a time; what goes out is UTC",
    "frontend/views/desk/notices.py": "the last minute of the day on which a notice is over",
    "participants/taking_part/ending.py": "the morning on which a message goes out",
    "frontend/question_fields.py": "the day and time of an answer, kept with its offset as FHIR writes a moment",
    "frontend/reporting.py": "what a form shows and takes: the day and time on the clock, made one instant",
    "frontend/views/content/deciding.py": "a midnight, for the database",
    "frontend/views/teach/sessions.py": "a midnight, for the database",
    "frontend/wording.py": "what people read",
    "instructors/away.py": "midnights as bounds of days away, for the database",
    "messaging/on_call.py": "what the clock shows, carried as if it were UTC: to add weeks on the clock",
    "messaging/quiet_hours.py": "the hour on the clock; what goes out is UTC",
    "messaging/rota.py": "adds weeks on the clock; what goes out is UTC",
    "outcomes/asking/open_forms.py": "from which hour a message is due, for the database",
    "outcomes/counting/gathering.py": "a midnight, for the database",
    "outcomes/endings.py": "the midnight by which a task is due, for the database, which keeps instants",
    "outcomes/extracts/taking.py": "the midnight by which a task is due, for the database, which keeps instants",
    "outcomes/safety.py": "until when a task is due, for the database",
    "participants/emergency.py": "hours of a day as bounds, for the database",
    "participants/needs_review.py": "until when a task is due; compared with a moment in UTC alone",
    "participants/taking_part/pauses.py": "until when a task is due; compared with a moment in UTC alone",
    "participants/rescreening.py": "until when a task is due, for the database",
    "participants/support.py": "a midnight, for the database",
    "participants/working_days.py": "until when a task is due, for the database",
    "safefit/demo/desk.py": "an hour of an invented Monday",
}


def local_times(source: str) -> list[int]:
    """The lines on which a moment in UK time comes to be and goes on living."""
    tree = ast.parse(source)
    around = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    return sorted({call.lineno for call in _calls(tree) if _makes(call) and not _is_over_at_once(call, around)})


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _makes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    zones = [word.value for word in call.keywords if word.arg in ("tzinfo", "tz")]
    if name in ("localtime", "make_aware"):
        return True
    if name == "astimezone":
        return not (call.args and _is_utc(call.args[0]))
    return name in ("combine", "replace", "now", "fromtimestamp") and any(not _is_utc(zone) for zone in zones)


def _is_utc(zone: ast.expr) -> bool:
    return ast.unparse(zone) in ("UTC", "dt.UTC", "datetime.UTC", "None")


def _is_over_at_once(call: ast.Call, around: dict[ast.AST, ast.AST]) -> bool:
    """Asked for its date, its text or its instant in the same expression."""
    asked = around.get(call)
    if not isinstance(asked, ast.Attribute):
        return False
    then = around.get(asked)
    return asked.attr in HARMLESS or (asked.attr == "astimezone" and isinstance(then, ast.Call) and not _makes(then))


def modules() -> Iterator[tuple[str, Path]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path


def test_a_moment_in_uk_time_lives_only_where_it_has_a_reason_to() -> None:
    found = {name: lines for name, path in modules() if (lines := local_times(path.read_text()))}
    assert {name: lines for name, lines in found.items() if name not in MAY} == {}
    assert set(MAY) <= set(found), "a module that is named makes none any more"


def test_the_check_finds_each_way_in_which_one_is_made_and_passes_what_is_over_at_once() -> None:
    made = """
a = timezone.localtime(at)
b = at.astimezone(UK)
c = make_aware(datetime.combine(on, time()))
d = datetime.combine(on, time(), tzinfo=UK)
e = at.replace(tzinfo=UK)
f = datetime.now(tz=UK)
g = at.astimezone()
h = timezone.localtime(at).replace(hour=0)
"""
    over = """
a = timezone.localtime(at).date()
b = at.astimezone(UK).time()
c = make_aware(on).astimezone(UTC)
d = at.astimezone(UTC)
e = at.replace(hour=0)
f = datetime.now(UTC)
g = at.replace(tzinfo=None)
h = at.astimezone(get_default_timezone()).isoformat()
"""
    assert local_times(made) == list(range(2, 10))
    assert local_times(over) == []
