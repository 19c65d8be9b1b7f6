"""Questionnaires of a programme: a file is chosen, looked at, brought in under a licence, seen and made active.

Here: the pages. Not here: what a file comes to (outcomes/fhir/), the actions
(outcomes/bringing.py), words for what is wrong (questionnaire_words.py). No file
is kept between two pages: it is chosen a second time, and must be the one looked at.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Programme
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms, questionnaires
from frontend import questionnaire_words as words
from frontend.question_fields import QuestionForm
from frontend.signed_in import user_of
from frontend.wording import Label, count, joined, plain_date
from outcomes import bringing
from outcomes.asking import timepoints
from outcomes.fhir.document import MOST_BYTES
from outcomes.fhir.remarks import Unreadable
from outcomes.models import Questionnaire, QuestionnaireFile
from outcomes.questions import asked, every_question
from outcomes.questions.binding import Obstacle
from outcomes.safety import NotToBeUsed
from participants import access

arranges = requires(Permission.PUBLISH_FOR_ANYONE)
OTHER_FILE = "This is not the file that you looked at. Choose that one, or look at this one first"
ENDS_FIRST = "The last day must be after the first day"
NOT_SCORED = "Not scored: answers are kept, and nothing is worked out"
ACTIVE, RESTS = Label("Asked", "ok"), Label("Not asked", "quiet")
RAN_OUT = Label("No licence today", "alert")
MOST_OBSTACLES = 3  # of one instrument that does not fit


class FileForm(forms.Form):
    programme = forms.RadiosField(label="Programme", missing="Select the programme")
    file = forms.FileField(
        label="The file",
        hint="A FHIR R4 Questionnaire as JSON, up to 1 MB.",
        accept=".json",
        most_bytes=MOST_BYTES,
    )

    def __init__(self, user: object, *sent: Any, **rest: Any) -> None:
        super().__init__(*sent, **rest)
        self.programmes = {str(one.pk): one for one in access.programmes_arranged_by(user)}
        self.fields["programme"].offer([(key, one.name) for key, one in self.programmes.items()])  # type: ignore[attr-defined]
        if len(self.programmes) == 1:
            del self.fields["programme"]

    @property
    def chosen(self) -> Programme:
        return self.programmes[self.cleaned_data.get("programme") or next(iter(self.programmes))]

    @property
    def content(self) -> bytes:
        file = self.cleaned_data["file"]
        file.seek(0)
        return bytes(file.read())

    def look(self) -> bringing.Look | None:
        """What the file comes to; None when it cannot be used, and the form says why. Only of a form that is valid."""
        try:
            return bringing.look_at_questionnaire(programme=self.chosen, content=self.content)
        except Unreadable as refused:
            self.add_error("file", words.unreadable_words(refused))
        except bringing.HereAlready as refused:
            self.add_error("file", words.here_words(refused))
        return None


class LicenceFields(forms.Form):
    holder = forms.TextField(
        label="Who holds the licence", hint="For example, your trust or programme.", called="who holds the licence"
    )
    reference = forms.TextField(label="Licence number or reference", called="the number or reference of the licence")
    starts = forms.DateField(label="First day of the licence", called="the first day of the licence")
    ends = forms.DateField(label="Last day of the licence", hint="Leave it empty if there is none.", required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("starts") and said.get("ends") and said["ends"] < said["starts"]:
            self.add_error("ends", ENDS_FIRST)
        return said

    @property
    def licence(self) -> bringing.Licence:
        return bringing.Licence(*(self.cleaned_data[name] for name in ("holder", "reference", "starts", "ends")))


class BringForm(FileForm, LicenceFields):
    """The same file once more, with its licence and the recipe that scores it."""

    recipe = forms.RadiosField(label="How it is scored", missing="Select how it is scored")
    seen = forms.HiddenField()
    fits = forms.HiddenField(required=False)  # the recipes that were offered, for when the file is to be chosen again
    field_order = ("file", "holder", "reference", "starts", "ends", "recipe")

    def __init__(self, user: object, *sent: Any, **rest: Any) -> None:
        super().__init__(user, *sent, **rest)
        fits, known = str(self["fits"].value() or "").split(), bringing.recipes_for_files()
        offered = [(code, one.title) for code, one in known.items() if code in fits]
        self.fields["recipe"].offer([("none", NOT_SCORED), *offered])  # type: ignore[attr-defined]
        if "programme" in self.fields:
            self.fields["programme"].widget = forms.HiddenField.widget()
        file = self.fields["file"]
        file.label, file.hint = "The same file again", ""  # type: ignore[attr-defined]

    @property
    def recipe_code(self) -> str:
        return "" if self.cleaned_data["recipe"] == "none" else str(self.cleaned_data["recipe"])


class AskForm(forms.Form):
    """At which timepoints it is asked, which is said whenever it is put into use, and changed later."""

    at = forms.CheckboxesField(
        label="When is it asked?",
        hint="A summary tells change of those who were asked at the start too. What is planned already stays.",
        missing="Select when it is asked",
    )
    active = forms.HiddenField()

    def __init__(self, questionnaire: Questionnaire, sent: Any = None) -> None:
        chosen = [point.code for point in timepoints.asked_at(questionnaire)]
        super().__init__(sent, initial={"at": chosen, "active": "yes"})
        points = questionnaire.programme.timepoints.order_by("day")
        self.fields["at"].offer([(point.code, point.label) for point in points])  # type: ignore[attr-defined]


def _is_the_one_seen(form: BringForm) -> bool:
    return hashlib.sha256(form.content).hexdigest() == str(form.cleaned_data["seen"])


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def all_questionnaires(request: HttpRequest) -> HttpResponse:
    """What the programme asks; a file that is posted is looked at, and nothing of it is kept."""
    form = FileForm(request.user, *_sent(request))
    look = form.look() if form.is_valid() else None
    if look is None:
        rows = [(one, label_of(one)) for one in bringing.questionnaires_arranged_by(request.user)]
        return forms.render_form(request, "frontend/desk/questionnaires.html", {"rows": rows}, form)
    fits = " ".join(recipe.code for recipe, against in bringing.fits_of(look.questions) if not against)
    first = {"seen": look.fingerprint, "programme": form.chosen.pk, "recipe": "none", "fits": fits}
    again = BringForm(request.user, initial=first)
    return render(request, "frontend/desk/check_questionnaire.html", {"form": again, **_report(look)})


@require_POST
@arranges
def bring_questionnaire(request: HttpRequest) -> HttpResponse:
    """Bring in the file that was looked at, with its licence: the whole of it, or nothing."""
    form = BringForm(request.user, *_sent(request))
    look = None
    if form.is_valid() and not _is_the_one_seen(form):
        form.add_error("file", OTHER_FILE)
    elif form.is_valid():
        look = form.look()
        if look and (brought := _brought(request, form)):
            messages.success(request, "Brought in. Nobody is asked yet: look at each question first.")
            return redirect("desk:questionnaire", pk=brought.pk)
    context = _report(look) if look else {"look": None}
    return forms.render_form(request, "frontend/desk/check_questionnaire.html", context, form)


def _brought(request: HttpRequest, form: BringForm) -> Questionnaire | None:
    try:
        return bringing.bring_questionnaire(
            programme=form.chosen,
            content=form.content,
            licence=form.licence,
            recipe=form.recipe_code,
            by=user_of(request).person,
        )
    except bringing.NotFit:
        form.add_error("file", "Nothing is brought in while anything of it is refused. Correct the file first")
    except bringing.NotScorable as refused:
        form.add_error("recipe", words.obstacle_words(refused.obstacles[0]))
    return None


def _report(look: bringing.Look) -> dict[str, Any]:
    report = look.reading.report
    fits = bringing.fits_of(look.questions)
    return {
        "look": look,
        "refused": words.remark_rows(report.refused),
        "warned": words.remark_rows(report.warned),
        "left_out": words.remark_rows(report.left_out),
        "questions": [(one.id, one.text, words.kind_words(one)) for one in look.questions],
        "fits": [recipe.title for recipe, against in fits if not against],
        "to_weigh": [recipe.title for recipe, against in fits if against and bringing.can_be_said(against)],
        "misfits": [(recipe.title, _against(found)) for recipe, found in fits if not bringing.can_be_said(found)],
    }


def _against(found: list[Obstacle]) -> list[str]:
    """The first few: a form whose items are called q1, q2 and so on shares them with nearly every instrument."""
    more = len(found) - MOST_OBSTACLES
    shown = [words.obstacle_words(one) for one in found[:MOST_OBSTACLES]]
    return [*shown, f"And {count(more, 'item')} more."] if more > 0 else shown


@require_safe
@arranges
def one_questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(request, _found(request, pk))


def _one(
    request: HttpRequest, questionnaire: Questionnaire, problem: str = "", form: AskForm | None = None
) -> HttpResponse:
    questions = every_question(questionnaire.items)
    context = {
        "questionnaire": questionnaire,
        "file": getattr(questionnaire, "file", None),
        "state": label_of(questionnaire),
        "questions": [(one, words.kind_words(one)) for one in questions],
        "scored": bringing.recipe_title(questionnaire),
        "planned": timepoints.still_to_be_asked(questionnaire).values("participant").distinct().count(),
        "asked_at": joined(point.label for point in timepoints.asked_at(questionnaire)),
        "problem": problem,
    }
    form = form or AskForm(questionnaire)
    return forms.render_form(
        request, "frontend/desk/questionnaire.html", context, form, status=409 if problem else None
    )


@require_safe
@arranges
def question_seen(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """One question as a person will see it. Nothing that is chosen here is kept."""
    questionnaire = _found(request, pk)
    questions = every_question(questionnaire.items)
    place = next((number for number, one in enumerate(questions) if one.key == item), None)
    if place is None:
        raise Http404
    question = questions[place]
    caption = f"Question {place + 1} of {len(questions)}"
    context = {
        "questionnaire": questionnaire,
        "question": question,
        "before": questions[place - 1] if place else None,
        "after": questions[place + 1] if place + 1 < len(questions) else None,
        "is_always_asked": question in asked(questions, {}, hopeful=False),
        **questionnaires.look_of(question, questions, {}),
        "notes": [note.text for note in question.notes],
        "notes_after": [note.text for note in question.after],
    }
    form = QuestionForm(question, caption, replies={})
    return forms.render_form(request, "frontend/desk/question_seen.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def licence(request: HttpRequest, pk: int) -> HttpResponse:
    questionnaire, file = from_a_file(request, pk)
    initial = {"holder": file.licence_holder, "reference": file.licence_reference,
               "starts": file.licence_from, "ends": file.licence_until}  # fmt: skip
    form = LicenceFields(forms.posted(request), initial=initial)
    if form.is_valid():
        bringing.record_licence(questionnaire=questionnaire, licence=form.licence, by=user_of(request).person)
        messages.success(request, "The licence is recorded.")
        return redirect("desk:questionnaire", pk=pk)
    context = {"questionnaire": questionnaire}
    return forms.render_form(request, "frontend/desk/questionnaire_licence.html", context, form)


@require_POST
@arranges
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask it from now on, or no longer; or of nobody any more, for whomever it is planned."""
    questionnaire, by = from_a_file(request, pk)[0], user_of(request).person
    try:
        if request.POST.get("active") == "yes":
            form = AskForm(questionnaire, request.POST)
            if not form.is_valid():
                return _one(request, questionnaire, form=form)
            timepoints.ask_from_now_on(questionnaire=questionnaire, codes=form.cleaned_data["at"], by=by)
            messages.success(request, "Whoever joins from now on is asked this form.")
        elif request.POST.get("active") == "nobody":
            stopped = timepoints.ask_nobody_any_more(questionnaire=questionnaire, by=by)
            messages.success(request, f"Nobody is asked this form any more: {count(stopped, 'time')} taken back.")
        else:
            bringing.make_inactive(questionnaire=questionnaire, by=by)
            messages.success(
                request, "Whoever joins from now on is not asked this form. What is planned is still asked."
            )
    except bringing.LicenceNotInForce as refused:
        return _one(request, questionnaire, _licence_words(refused))
    except NotToBeUsed as refused:
        return _one(request, questionnaire, route_words(refused))
    return redirect("desk:questionnaire", pk=pk)


def _licence_words(refused: bringing.LicenceNotInForce) -> str:
    if refused.ended and refused.ended < timezone.localdate():
        return f"The licence ended on {plain_date(refused.ended)}. Record the new licence first."
    return f"The licence begins on {plain_date(refused.starts)}. Come back then, or correct the licence."


def route_words(refused: NotToBeUsed) -> str:
    missing = " ".join(str(hindrance.label) for hindrance in refused.hindrances)
    return f"{missing} Whoever answers for safety content does that."


def label_of(questionnaire: Questionnaire) -> Label:
    file = getattr(questionnaire, "file", None)
    if questionnaire.active and file and not bringing.is_in_force(file, timezone.localdate()):
        return RAN_OUT
    return ACTIVE if questionnaire.active else RESTS


def _found(request: HttpRequest, pk: int) -> Questionnaire:
    return get_object_or_404(bringing.questionnaires_arranged_by(request.user), pk=pk)


def from_a_file(request: HttpRequest, pk: int) -> tuple[Questionnaire, QuestionnaireFile]:
    """Our own words need no licence, and are asked of everybody."""
    questionnaire = _found(request, pk)
    file: QuestionnaireFile | None = getattr(questionnaire, "file", None)
    if file is None:
        raise Http404
    return questionnaire, file


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


urlpatterns = [
    path("questionnaires/", all_questionnaires, name="questionnaires"),
    path("questionnaires/bring/", bring_questionnaire, name="bring_questionnaire"),
    path("questionnaires/<int:pk>/", one_questionnaire, name="questionnaire"),
    path("questionnaires/<int:pk>/question/<slug:item>/", question_seen, name="question_seen"),
    path("questionnaires/<int:pk>/licence/", licence, name="questionnaire_licence"),
    path("questionnaires/<int:pk>/active/", set_active, name="set_questionnaire_active"),
]
