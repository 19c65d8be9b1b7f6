"""What people say of the programme, added up. Here: the page. Not here: counting (outcomes/counting/experience.py)."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from outcomes.counting.experience import LEAST, Said, said_at_desk_of
from outcomes.instruments.safefit_experience import RATINGS


@require_safe
@requires(Permission.WORK_AT_DESK)
def experience(request: HttpRequest) -> HttpResponse:
    said = groupby(said_at_desk_of(request.user), key=lambda one: (one.programme, one.label))
    tables = [(f"{programme}, {label.lower()}", [_row(one) for one in rows]) for (programme, label), rows in said]
    return render(request, "frontend/desk/experience.html", {"tables": tables, "least": LEAST})


def _row(said: Said) -> list[str]:
    texts = {item: text for item, (text, *_) in RATINGS.items()}
    text, most = (texts[said.item], 10) if said.item in texts else ("Would suggest it (0 no, 2 yes)", 2)
    if said.mean is None:
        return [text, f"Fewer than {LEAST}", "Not shown"]
    return [text, str(said.people), f"{said.mean:.1f} of {most}"]


urlpatterns = [path("what-it-is-like/", experience, name="experience")]
