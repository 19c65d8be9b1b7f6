"""How a questionnaire from a file is scored: by which recipe, and which question is which of its items.

Here: the one page, in two steps. Not here: whether a pair may stand
(outcomes/questions/binding.py), the action (outcomes/bringing.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend import questionnaire_words as words
from frontend.signed_in import user_of
from frontend.views.desk.questionnaires import NOT_SCORED, from_a_file, route_words
from outcomes import bringing
from outcomes.instruments.recipe import Recipe
from outcomes.models import Questionnaire
from outcomes.questions import Question, every_question
from outcomes.questions.binding import proposed
from outcomes.safety import NotToBeUsed

NONE = "none"
FIXED = "Somebody has answered it, so how it is scored is fixed. Bring in a new version of the form instead"
LONGEST_SHOWN = 80


class RecipeForm(forms.Form):
    recipe = forms.SelectField(label="Score it as", missing="Select how it is scored")

    def __init__(self, *sent: Any, **rest: Any) -> None:
        super().__init__(*sent, **rest)
        known = bringing.recipes_for_files()
        self.fields["recipe"].offer([(NONE, NOT_SCORED), *((code, one.title) for code, one in known.items())])  # type: ignore[attr-defined]


class PairsForm(forms.Form):
    """For each item of a recipe, the question that asks it."""

    def __init__(self, recipe: Recipe, questions: tuple[Question, ...], sent: Any = None) -> None:
        pairs = {item: link for link, item in proposed(recipe, questions).items()}
        super().__init__(sent, initial={f"item-{item.id}": pairs.get(item.id, "") for item in recipe.items})
        self.recipe = recipe
        offered = [(one.id, f"{one.id}: {one.text[:LONGEST_SHOWN]}") for one in questions]
        for item in recipe.items:
            self.fields[f"item-{item.id}"] = forms.SelectField(
                label=f"Item {item.id}",
                hint=f"{item.lo} to {item.hi}",
                options=offered,
                empty="No question",
                required=not item.optional,
                missing=f"Select the question that asks item {item.id}",
            )

    @property
    def binding(self) -> dict[str, str]:
        chosen = {item.id: self.cleaned_data[f"item-{item.id}"] for item in self.recipe.items}
        return {link: item for item, link in chosen.items() if link}

    def twice(self) -> list[str]:
        """The fields whose question another field has as well."""
        chosen = [self.cleaned_data[name] for name in self.fields]
        return [name for name in self.fields if self.cleaned_data[name] and chosen.count(self.cleaned_data[name]) > 1]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def scoring(request: HttpRequest, pk: int) -> HttpResponse:
    """First the recipe, by GET; then its pairs, which are posted."""
    questionnaire, _ = from_a_file(request, pk)
    code = request.GET.get("recipe", "")
    if not code:
        first = RecipeForm(initial={"recipe": questionnaire.recipe or NONE})
        return _draw(request, questionnaire, first, recipe=None, unscored=False)
    if code == NONE:
        form, recipe = forms.Form(forms.posted(request)), None
    elif code in bringing.recipes_for_files():
        recipe = bringing.recipes_for_files()[code]
        form = PairsForm(recipe, every_question(questionnaire.items), forms.posted(request))
    else:
        raise Http404
    if form.is_valid() and _bound(request, questionnaire, code, form):
        messages.success(request, "How it is scored is saved.")
        return redirect("desk:questionnaire", pk=pk)
    return _draw(request, questionnaire, form, recipe=recipe, unscored=code == NONE)


def _draw(request: HttpRequest, questionnaire: Questionnaire, form: forms.Form, **context: Any) -> HttpResponse:
    given = {"questionnaire": questionnaire, **context}
    return forms.render_form(request, "frontend/desk/questionnaire_scoring.html", given, form)


def _bound(request: HttpRequest, questionnaire: Questionnaire, code: str, form: forms.Form) -> bool:
    recipe, binding = ("" if code == NONE else code), {}
    if isinstance(form, PairsForm):
        for name in form.twice():
            form.add_error(name, "This question is paired with two items. Choose another for one of them")
        if form.errors:
            return False
        binding = form.binding
    try:
        bringing.bind_questionnaire(
            questionnaire=questionnaire, recipe=recipe, binding=binding, by=user_of(request).person
        )
    except bringing.NotScorable as refused:
        for obstacle in refused.obstacles:
            form.add_error(f"item-{obstacle.item}", words.obstacle_words(obstacle))
    except bringing.AnsweredAlready:
        form.add_error(None, FIXED)
    except NotToBeUsed as refused:
        form.add_error(None, route_words(refused))
    return not form.errors


urlpatterns = [path("questionnaires/<int:pk>/scoring/", scoring, name="questionnaire_scoring")]
