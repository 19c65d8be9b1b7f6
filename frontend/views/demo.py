"""A demonstration: sign in as one of the made-up people. Routed only with settings.DEMO on.

Here: the pages and two lists for scripts. Not here: who the people are
(accounts/demo.py).
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.demo import NO_ROLE, demo_people, sign_in_as_demo_person
from accounts.permissions import Role
from accounts.signin import public_page
from frontend import forms
from outcomes.releases.release import published_ids

ROLE_WORDS = {
    Role.PARTICIPANT: "Taking part",
    Role.SUPPORTER: "Supporting somebody",
    Role.INSTRUCTOR: "Instructors",
    Role.COORDINATOR: "Programme desk",
    Role.CLINICAL_LEAD: "Clinical lead",
    Role.SAFEGUARDING_LEAD: "Safeguarding lead",
    Role.PARTNER: "Partners who read summaries",
    Role.ADMINISTRATOR: "Administrators",
    NO_ROLE: "No role",
}


class SignInForm(forms.Form):
    person = forms.TextField(label="Demo person", called="the short name of a demo person", hint="For example, pat")


@public_page
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    by_role = groupby(demo_people(), key=lambda person: person.role)
    groups = [(ROLE_WORDS[role], list(members)) for role, members in by_role]
    return render(request, "frontend/demo/people.html", {"groups": groups})


@public_page
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if sign_in_as_demo_person(request, form.cleaned_data["person"]):
            return redirect(_next(request))
        form.add_error("person", "There is no demo person of that name. Choose one from the list.")
    return forms.render_form(request, "frontend/demo/sign_in.html", {}, form)


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    return asked if asked and url_has_allowed_host_and_scheme(asked, {request.get_host()}) else "start"


@public_page
@require_safe
def people_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse([asdict(person) for person in demo_people()], safe=False)


@public_page
@require_safe
def releases_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(published_ids(), safe=False)
