"""What happened to a person, in plain words, the newest first.

Here: the page. Not here: what is
told (happenings.py of each app), the words (timeline_words.py). What somebody
answered about their health is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.happenings import Happening, Rows, happenings, names_of, newest_first
from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from classes import happenings as of_classes
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.views.desk.timeline_words import Line, helper_of, line_of
from frontend.wording import uk
from messaging import happenings as of_the_desk
from outcomes import happenings as of_questionnaires
from participants import happenings as of_taking_part
from participants.models import Participant
from records.former import former_records

PER_PAGE = 30
Day = tuple[object, list[Line]]


@require_safe
@requires(Permission.WORK_AT_DESK)
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    by: Person = user_of(request).person
    log_read(target=participant.person, purpose="desk", what="timeline", by=by)
    page = Paginator(_everything([participant, *former_records(participant)]), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"participant": participant, "page": page, "days": by_day(in_words(happenings(page), participant))}
    return render(request, "frontend/desk/timeline.html", context)


def _everything(records: Iterable[Participant]) -> Rows:
    """One query, whatever the number of apps: the database puts it in order and cuts it into pages."""
    parts: list[Rows] = []
    for one in records:
        parts += [
            *of_taking_part.happenings_of(one),
            *of_classes.happenings_of(one),
            *of_the_desk.happenings_of(one.person, one.programme),
            *of_questionnaires.happenings_of(one),
        ]
    return newest_first(parts)


def in_words(found: list[Happening], participant: Participant) -> list[Line]:
    """Two more queries for all of them: the classes, and the names of who did it."""
    sessions = of_classes.classes_by_key({one.row for one in found if one.what in of_classes.OF_A_CLASS and one.row})
    names = names_of(actor for one in found for actor in (one.by, one.behalf, helper_of(one)))
    return [line_of(one, participant.person, sessions, names) for one in found]


def by_day(lines: Iterable[Line]) -> list[Day]:
    return [(day, list(group)) for day, group in groupby(lines, key=lambda line: uk(line.at).date())]


urlpatterns = [path("people/<int:pk>/timeline/", timeline, name="timeline")]
