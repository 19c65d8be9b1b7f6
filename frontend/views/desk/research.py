"""Research projects at the desk: asked for, agreed to by two others, changed, ended.

Here: the pages of a project. Not here: the extracts built for it (extracts.py),
the rules and actions (outcomes/extracts/). Known to holders of HANDLE_EXTRACTS alone.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import extract_forms, forms
from frontend.extract_words import STANDINGS, STATES, TABLES, order_words, protection_words
from frontend.signed_in import user_of
from outcomes.extracts import asking, taking
from outcomes.extracts.asking import Standing
from outcomes.extracts.fields import BY_KEY
from outcomes.extracts.signing import open_half
from outcomes.models import ExtractSpecification, ExtractState, ResearchProject

handles = requires(Permission.HANDLE_EXTRACTS)
AGREE, REFUSE = "agree", "refuse"
CHANGED = "This was changed while you were reading. Read it as it is now, then say what you think."
YOUR_OWN = "You asked for this, so two other people must agree to it."
SAID = "You have said what you think of this, and that stands."
TOO_NEW = "You have had your role only since this was asked for, so your word does not count here. Ask a colleague."
MAY_NOT = "Your role does not allow this here. Ask an administrator."
ENDS_LATER = "The day must be today or in the past: first they destroy it, then they tell us"


class WordForm(forms.Form):
    """What one person says of it. `seen` is the fingerprint of the words they read."""

    word = forms.RadiosField(
        label="Do you agree?",
        missing="Select whether you agree",
        options=(
            forms.Choice(AGREE, "I agree to all of this"),
            forms.Choice(REFUSE, "I do not agree", reveals=("why",)),
        ),
    )
    why = forms.LongTextField(label="Why not", called="why not", max_length=500, rows=3)
    seen = forms.HiddenField()


class CertificateForm(forms.Form):
    reference = forms.TextField(label="Reference of the certificate", called="the reference of the certificate")
    destroyed_on = forms.DateField(label="Day on which everything was destroyed", called="the day")


def project_of(request: HttpRequest, pk: int) -> ResearchProject:
    rows = ResearchProject.objects.visible_to(request.user).select_related("programme", "certificate__by")
    return get_object_or_404(rows, pk=pk)


def standing_now(specification: ExtractSpecification) -> Standing:
    return asking.standing_of(specification, on=timezone.localdate())


@require_safe
@handles
def research(request: HttpRequest) -> HttpResponse:
    """Every project of one's programmes, newest first."""
    rows = asking.latest_of_each(ResearchProject.objects.visible_to(request.user), on=timezone.localdate())
    shown = [(row, asking.says(row), STANDINGS[standing]) for row, standing in rows]
    return render(request, "frontend/desk/research.html", {"projects": shown})


@handles
def ask_for_extracts(request: HttpRequest) -> HttpResponse:
    programmes = asking.programmes_handled_by(request.user)
    form = extract_forms.ExtractForm(programmes, forms.posted(request), initial=extract_forms.new_form())
    if request.method == "POST" and form.is_valid():
        try:
            by = user_of(request).person
            asked = asking.ask_for_extracts(programme=form.about, wanted=form.wanted, by=by)
            return redirect("desk:research_project", asked.project_id)
        except asking.Faulty as refused:
            form.show_faults(refused.faults)
        except asking.MayNot:
            form.add_error(None, MAY_NOT)
    return forms.render_form(request, "frontend/desk/ask_for_extracts.html", {"project": None}, form)


@handles
def change_extracts(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words are another version: whoever has agreed is asked again."""
    project = project_of(request, pk)
    latest = asking.latest_of(project)
    initial = extract_forms.filled_in(asking.says(latest))
    form = extract_forms.ExtractForm([project.programme], forms.posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            asking.ask_for_change(project=project, wanted=form.wanted, by=user_of(request).person)
            return redirect("desk:research_project", project.pk)
        except asking.Faulty as refused:
            form.show_faults(refused.faults)
        except asking.NotNow:
            form.add_error(None, "This project has ended, so nothing more can be asked for. Begin a new one.")
        except asking.MayNot:
            form.add_error(None, MAY_NOT)
    return forms.render_form(request, "frontend/desk/ask_for_extracts.html", {"project": project}, form)


@require_safe
@handles
def research_project(request: HttpRequest, pk: int) -> HttpResponse:
    """All of what is asked for, who agreed, what was built, and what can be done now."""
    project = project_of(request, pk)
    latest = asking.latest_of(project)
    standing = standing_now(latest)
    extracts = list(project.extracts.select_related("taken_by").order_by("-number"))
    context = {
        **_about(latest),
        "project": project,
        "label": STANDINGS[standing],
        "standing": standing.value,
        "may_say": standing in (Standing.WAITS, Standing.AGREED) and asking.may_say(latest, user_of(request).person),
        "approvals": list(latest.approvals.select_related("by").order_by("pk")),
        "needed": asking.NEEDED - len(asking.agreed_by(latest)),
        "extracts": [(one, STATES[ExtractState(one.state)]) for one in extracts],
        "certificate": getattr(project, "certificate", None),
        "open_half": open_half(),
    }
    return render(request, "frontend/desk/research_project.html", context)


@handles
def say_on_extracts(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, or not, to the very words that stand on this page."""
    project = project_of(request, pk)
    latest = asking.latest_of(project)
    form = WordForm(forms.posted(request), initial={"seen": latest.sha256})
    if request.method == "POST" and form.is_valid():
        refused = _say(latest, form, user_of(request).person)
        if not refused:
            messages.success(request, "Thank you. What you said is recorded.")
            return redirect("desk:research_project", project.pk)
        if refused == CHANGED:  # so that the words are drawn anew, and with them what was read
            messages.error(request, refused)
            return redirect("desk:say_on_extracts", project.pk)
        form.add_error(None, refused)
    context = {**_about(latest), "project": project, "others": asking.others_with_data_out(project)}
    status = 409 if form.is_bound and form.non_field_errors() else None
    return forms.render_form(request, "frontend/desk/say_on_extracts.html", context, form, status=status)


@handles
def extract_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    form = CertificateForm(forms.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            taking.record_certificate(project=project, **form.cleaned_data, by=user_of(request).person)
            return redirect("desk:research_project", project.pk)
        except taking.NotDestroyedYet:
            form.add_error("destroyed_on", ENDS_LATER)
        except taking.EndedBefore:
            return redirect("desk:research_project", project.pk)  # where it stands who recorded it, and when
    says = asking.says(asking.latest_of(project))
    context = {"project": project, "says": says}
    return forms.render_form(request, "frontend/desk/extract_certificate.html", context, form)


def _say(latest: ExtractSpecification, form: WordForm, by: Any) -> str:
    """What stands in the way, in words; "" when it is recorded."""
    if form.cleaned_data["seen"] != latest.sha256:
        return CHANGED
    try:
        if form.cleaned_data["word"] == AGREE:
            asking.agree(specification=latest, by=by)
        else:
            asking.refuse(specification=latest, why=form.cleaned_data["why"], by=by)
    except asking.AskedByYou:
        return YOUR_OWN
    except asking.SaidBefore:
        return SAID
    except asking.RoleTooNew:
        return TOO_NEW
    except asking.MayNot:
        return MAY_NOT
    except asking.NotNow:
        return CHANGED
    return ""


def _about(specification: ExtractSpecification) -> dict[str, Any]:
    wanted = asking.says(specification)
    fields = {
        words: [BY_KEY[key].label for key in wanted.fields if BY_KEY[key].table == table]
        for table, words in TABLES.items()
    }
    return {
        "specification": specification,
        "says": wanted,
        "fields": {words: labels for words, labels in fields.items() if labels},
        "protection": protection_words(wanted),
        "order": order_words(wanted.order),
    }


urlpatterns = [
    path("research/", research, name="research"),
    path("research/new/", ask_for_extracts, name="ask_for_extracts"),
    path("research/<int:pk>/", research_project, name="research_project"),
    path("research/<int:pk>/change/", change_extracts, name="change_extracts"),
    path("research/<int:pk>/agree/", say_on_extracts, name="say_on_extracts"),
    path("research/<int:pk>/certificate/", extract_certificate, name="extract_certificate"),
]
