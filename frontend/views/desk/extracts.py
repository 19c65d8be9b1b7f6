"""Extracts at the desk: asked for, watched while one is built, taken away once.

Here: the pages of one extract. Not here: its project and who agreed (research.py),
the actions (outcomes/extracts/). What is handed out is sealed to its recipient.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from frontend import forms
from frontend.extract_words import STATES, WHY_NOT, beside_words, left_out_words, wider_words
from frontend.signed_in import user_of
from frontend.views.desk.research import handles, project_of
from frontend.wording import moment
from outcomes import being_built
from outcomes.extracts import asking, building, taking
from outcomes.extracts.sealing import ENDING
from outcomes.models import Extract, ExtractState

NOT_AGREED = "Nothing was built: two people must agree first."
TAKEN = "{who} took it {when}. It can be taken once: if it did not arrive, build another one."
AGREE_NO_MORE = (
    "Somebody in it has taken back their consent since it was built, so nobody gets it, and it is deleted tonight. "
    "Build another one."
)
NOT_THERE = "There is nothing to take. Go back and read how it stands."


def _extract(request: HttpRequest, pk: int) -> Extract:
    rows = Extract.objects.visible_to(request.user).select_related("project", "specification", "taken_by")
    return get_object_or_404(rows, pk=pk)


@require_POST
@handles
def build_extract(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    try:
        asked = building.request_extract(project=project, by=user_of(request).person)
    except asking.NotNow:
        messages.error(request, NOT_AGREED)
        return redirect("desk:research_project", project.pk)
    return redirect("desk:extract", asked.pk)


@require_safe
@handles
def extract(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; once built, what is in it and what was done for it. Never a row of it."""
    found = _extract(request, pk)
    says, protection = asking.says(found.specification), found.manifest.get("protection", {})
    context = {
        "extract": found,
        "says": says,
        "label": STATES[ExtractState(found.state)],
        "under_way": found.state in being_built.UNDER_WAY,
        "why_not": WHY_NOT.get(found.reason, ""),
        "wider": wider_words(protection.get("made_wider", ())),
        "left_out": left_out_words(found.manifest, says.drop_at_most) if found.manifest else "",
        "beside": beside_words(protection.get("beside", ())),
        "file_rows": [
            [one["name"], f"{one['rows']:,}" if "rows" in one else ""] for one in found.manifest.get("files", ())
        ],
    }
    return render(request, "frontend/desk/extract.html", context)


@require_POST
@handles
def try_extract_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue one that failed; anything else is left as it is."""
    found = _extract(request, pk)
    try:
        building.try_again(extract=found, by=user_of(request).person)
    except being_built.WrongState:
        pass  # somebody else was first: the page says how it stands now
    return redirect("desk:extract", found.pk)


@handles
def take_extract(request: HttpRequest, pk: int) -> HttpResponse:
    """The sealed file, once."""
    found = _extract(request, pk)
    form = forms.Form(forms.posted(request))
    if request.method == "POST":
        try:
            return _file(found, taking.take_extract(extract=found, by=user_of(request).person))
        except taking.TakenBefore as refused:
            form.add_error(None, TAKEN.format(who=refused.who, when=moment(refused.at)))
        except taking.NotThere:
            form.add_error(None, NOT_THERE)
        except taking.AgreeNoMore:
            form.add_error(None, AGREE_NO_MORE)
    context = {"extract": found, "says": asking.says(found.specification)}
    status = 409 if form.is_bound else None
    return forms.render_form(request, "frontend/desk/take_extract.html", context, form, status=status)


def _file(extract: Extract, content: bytes) -> HttpResponse:
    name = slugify(asking.says(extract.specification).title)[:40]
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{extract.number}.zip{ENDING}"'
    return answer


urlpatterns = [
    path("research/<int:pk>/build/", build_extract, name="build_extract"),
    path("research/extracts/<int:pk>/", extract, name="extract"),
    path("research/extracts/<int:pk>/again/", try_extract_again, name="try_extract_again"),
    path("research/extracts/<int:pk>/take/", take_extract, name="take_extract"),
]
