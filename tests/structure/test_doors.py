"""Pages and API reach objects only through querysets scoped to the user."""

from pathlib import Path

import pytest

from tests.structure.doors import bare_lookups, pages_and_api

ROOT = Path(__file__).resolve().parents[2]


def test_no_page_and_no_api_goes_round_the_door():
    files = pages_and_api(ROOT)
    assert len(files) > 10, "the pages have moved: this check reads nothing"
    assert [found for f in files for found in bare_lookups(f.read_text(), str(f.relative_to(ROOT)))] == []


@pytest.mark.parametrize(
    "source",
    [
        "Session.objects.get(pk=pk)",
        "Session.objects.filter(pk=pk).first()",
        "get_object_or_404(Session, pk=pk)",
        "shortcuts.get_object_or_404(Session, pk=pk)",
        "rows = Session.objects",
        "Session._default_manager.all()",
    ],
)
def test_the_check_finds_each_way_round(source):
    assert bare_lookups(source)


@pytest.mark.parametrize(
    "source",
    [
        "Session.objects.visible_to(request.user).filter(pk=pk)",
        "get_object_or_404(Session.objects.led_by(user), pk=pk)",
    ],
)
def test_the_check_lets_the_door_stand(source):
    assert bare_lookups(source) == []


def test_the_walk_reads_every_page_and_every_api():
    read = {str(file.relative_to(ROOT)) for file in pages_and_api(ROOT)}
    behind_the_door = {"frontend/views/me/bookings.py", "participants/api/record.py", "classes/api/bookings.py"}
    assert behind_the_door <= read and "classes/places/booking.py" not in read
