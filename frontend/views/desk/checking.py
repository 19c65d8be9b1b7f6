"""One kind of credential of one instructor, at the desk: note it, check what was sent, let it pass for a while.

Here: the pages. Not here: what is refused (instructors/checking.py), the form that records
(frontend/credential_forms.py). For whoever arranges the timetable.
"""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.versions import versions_of
from frontend import forms
from frontend.credential_forms import CredentialForm, evidence_file, record, sent
from frontend.credential_words import Line, kind_words, lines_of, paper_facts, paper_label
from frontend.signed_in import user_of
from frontend.views.desk.instructors import arranges, one_or_404
from frontend.views.desk.offering_words import history_of
from frontend.wording import day, plain_date, today
from instructors.access import (
    evidence_open_to,
    instructors_kept_by,
    overrides_in_force,
    overrides_of,
    papers_kept_by,
)
from instructors.checking import (
    AlreadySentBack,
    NotACredential,
    NotForThisKind,
    SamePerson,
    TooLong,
    end_override,
    latest_override,
    let_pass,
    send_back,
    verify_credential,
)
from instructors.models import Credential, CredentialKind, Instructor

OWN = "Nobody vouches for what they hold themselves. Somebody else must look at it"
GONE = "It was sent back before, so nothing was changed."
PASS_FIELDS = ("kind", "ends_on", "reason", "ended_at")


class SendBackForm(forms.Form):
    reason = forms.TextField(
        label="Why does it not count?",
        called="why it does not count",
        hint="They read it. For example: the name is another, a page is missing",
        max_length=300,
    )


class PassForm(forms.Form):
    ends_on = forms.DateField(label="Until which day?", called="the day", earliest=today)
    reason = forms.TextField(
        label="Why may they lead without it?",
        called="why they may",
        hint="It is shown wherever their classes are. For example: course on Monday, booking seen",
        max_length=300,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def record_credential(request: HttpRequest, pk: int, credential: str) -> HttpResponse:
    found = one_or_404(request, pk)
    line = _line(found, credential)
    form = CredentialForm(*sent(request), kind=credential, checks=True)
    if form.is_valid() and (made := record(form, found, user_of(request).person)):
        words = "It counts." if made.verified_at else "It waits to be checked."
        messages.success(request, f"Noted: {kind_words(credential)}. {words}")
        return redirect("desk:instructor", pk)
    context = {
        "instructor": found,
        "line": line,
        "is_dbs": credential == CredentialKind.DBS,
        "latest": latest_override(credential),
        "papers": [(paper, paper_label(paper), paper_facts(paper)) for paper in line.papers],
    }
    return forms.render_form(request, "frontend/desk/record_credential.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def check_credential(request: HttpRequest, pk: int) -> HttpResponse:
    """What is written on it, the file, and two buttons: seen, or sent back with a reason."""
    paper = _paper(request, pk)
    seen = request.method == "POST" and "seen" in request.POST
    form = SendBackForm(None if seen else forms.posted(request))
    by = user_of(request).person
    try:
        if seen:
            verify_credential(credential=paper, by=by)
            messages.success(request, f"Seen: {kind_words(paper.kind)}. It counts.")
            return redirect("desk:instructor", paper.instructor_id)
        if form.is_valid():
            send_back(credential=paper, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, f"Sent back: {kind_words(paper.kind)}. It does not count.")
            return redirect("desk:instructor", paper.instructor_id)
    except AlreadySentBack:
        messages.error(request, GONE)
        return redirect("desk:instructor", paper.instructor_id)
    except SamePerson:
        messages.error(request, OWN)
        return redirect("desk:check_credential", pk)
    context = {
        "paper": paper,
        "instructor": paper.instructor,
        "title": kind_words(paper.kind),
        "label": paper_label(paper),
        "facts": paper_facts(paper),
        "is_dbs": paper.kind == CredentialKind.DBS,
    }
    return forms.render_form(request, "frontend/desk/check_credential.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def let_credential_pass(request: HttpRequest, pk: int, credential: str) -> HttpResponse:
    found = one_or_404(request, pk)
    line, latest = _line(found, credential), latest_override(credential)
    form = PassForm(forms.posted(request))
    if form.is_valid():
        try:
            given = let_pass(
                instructor=found,
                kind=credential,
                ends_on=form.cleaned_data["ends_on"],
                reason=form.cleaned_data["reason"],
                by=user_of(request).person,
            )
        except TooLong as refused:
            form.add_error("ends_on", f"The day must be {plain_date(refused.latest)} or earlier")
        except NotForThisKind:
            form.add_error(None, "Nobody may lead without this, for no day. Find somebody else for these classes")
        except (SamePerson, NotACredential):
            form.add_error(None, "Nobody lets themselves lead. Somebody else must decide")
        else:
            messages.success(request, f"{found.person.full_name} may lead without it until {day(given.ends_on)}.")
            return redirect("desk:instructor", pk)
    history = [
        entry
        for override in overrides_of(found, credential)
        for entry in history_of(versions_of(override, PASS_FIELDS))
    ]
    context = {"instructor": found, "line": line, "latest": latest, "history": history}
    return forms.render_form(request, "frontend/desk/let_pass.html", context, form)


@require_POST
@arranges
def end_pass(request: HttpRequest, pk: int, credential: str) -> HttpResponse:
    found = one_or_404(request, pk)
    standing = get_object_or_404(overrides_in_force([found]), kind=credential)
    end_override(override=standing, by=user_of(request).person)
    messages.success(request, "From now on they may not lead without it.")
    return redirect("desk:instructor", pk)


@require_safe
@arranges
@csp_update({"sandbox": True})  # type: ignore[untyped-decorator]
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that somebody has sent, for whoever may check it."""
    kept = instructors_kept_by(request.user).values("pk")
    file = get_object_or_404(evidence_open_to(request.user).filter(credential__instructor__in=kept), credential=pk)
    return evidence_file(file, purpose="desk", by=user_of(request).person)


def _line(found: Instructor, credential: str) -> Line:
    line = next((one for one in lines_of(found) if one.kind == credential), None)
    if line is None:
        raise Http404
    return line


def _paper(request: HttpRequest, pk: int) -> Credential:
    found: Credential = get_object_or_404(papers_kept_by(request.user), pk=pk)
    return found


urlpatterns = [
    path("instructors/<int:pk>/holds/<slug:credential>/", record_credential, name="record_credential"),
    path("instructors/<int:pk>/holds/<slug:credential>/let-pass/", let_credential_pass, name="let_pass"),
    path("instructors/<int:pk>/holds/<slug:credential>/end/", end_pass, name="end_pass"),
    path("instructors/papers/<int:pk>/", check_credential, name="check_credential"),
    path("instructors/papers/<int:pk>/file/", evidence, name="evidence"),
]
