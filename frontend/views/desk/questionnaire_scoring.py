"""How a questionnaire from a file is scored: by which recipe, which question is which of its items, and what answers
weigh where the file does not say it.

Here: the one page, in two steps. Not here: whether a pair may stand
(outcomes/questions/binding.py), the action (outcomes/bringing.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend import questionnaire_words as words
from frontend.question_fields import option_words
from frontend.signed_in import user_of
from frontend.views.desk.questionnaires import NOT_SCORED, from_a_file, route_words
from outcomes import bringing
from outcomes.instruments.recipe import Recipe
from outcomes.models import Questionnaire
from outcomes.questions import Question, every_question
from outcomes.questions.binding import Against, Obstacle, lacks_weights, pairs_in, proposed, weights_in
from outcomes.safety import NotToBeUsed

NONE = "none"
FIXED = "Somebody has answered it, so how it is scored is fixed. Bring in a new version of the form instead"
SAY_WEIGHTS = "Select what the answers to {} weigh, from the first to the last"
LONGEST_SHOWN = 80
UP, DOWN = "up", "down"  # along the answers, as they stand in the form


class RecipeForm(forms.Form):
    recipe = forms.SelectField(label="Score it as", missing="Select how it is scored")

    def __init__(self, *sent: Any, **rest: Any) -> None:
        super().__init__(*sent, **rest)
        known = bringing.recipes_for_files()
        self.fields["recipe"].offer([(NONE, NOT_SCORED), *((code, one.title) for code, one in known.items())])  # type: ignore[attr-defined]


class PairsForm(forms.Form):
    """For each item of a recipe, the question that asks it; and `weights-<question>` for each whose answers have no
    numbers. What was said before stands there."""

    def __init__(self, recipe: Recipe, found: Questionnaire, sent: Any = None) -> None:
        questions = every_question(found.items)
        said = found.binding if found.recipe == recipe.code else {}
        pairs = {item: link for link, item in (pairs_in(said) or proposed(recipe, questions)).items()}
        super().__init__(sent, initial={f"item-{item.id}": pairs.get(item.id, "") for item in recipe.items})
        self.recipe = recipe
        offered = [(one.id, f"{one.id}: {_short(one)}") for one in questions]
        for item in recipe.items:
            self.fields[f"item-{item.id}"] = forms.SelectField(
                label=f"Item {item.id}",
                hint=f"{item.lo} to {item.hi}",
                options=offered,
                empty="No question",
                required=not item.optional,
                missing=f"Select the question that asks item {item.id}",
            )

        self.to_weigh = {f"weights-{one.key}": one for one in questions if lacks_weights(one)}
        for name, question in self.to_weigh.items():
            words = [option_words(option) for option in question.shape.options]
            field = forms.SelectField(
                label=f"What the answers to {question.id} weigh",
                hint=f"{_short(question)}: {'; '.join(words)}",
                options=[(UP, f"“{words[0]}” is the lowest number, “{words[-1]}” the highest"),
                         (DOWN, f"“{words[0]}” is the highest number, “{words[-1]}” the lowest")],
                empty="Not said",
                required=False,
            )  # fmt: skip
            field.marks_optional = False  # of those that are paired it is not
            self.fields[name] = field
            before = weights_in(said).get(question.id)
            self.initial[name] = "" if before is None else UP if before[0] < before[-1] else DOWN

    @property
    def weights(self) -> dict[str, list[float]]:
        """Of each question whose way was said: the numbers of its item, up or down along its answers."""
        items = {link: self.recipe.item(item) for link, item in self.binding.items()}
        ways = {one.id: self.cleaned_data[name] for name, one in self.to_weigh.items()}
        return {
            link: [float(n) for n in range(item.lo, item.hi + 1)][:: 1 if ways[link] == UP else -1]
            for link, item in items.items()
            if ways.get(link)
        }

    @property
    def lacking(self) -> dict[str, str]:
        """By question, the field that says what its answers weigh."""
        return {one.id: name for name, one in self.to_weigh.items()}

    @property
    def binding(self) -> dict[str, str]:
        chosen = {item.id: self.cleaned_data[f"item-{item.id}"] for item in self.recipe.items}
        return {link: item for item, link in chosen.items() if link}

    def twice(self) -> list[str]:
        """The fields whose question another field has as well."""
        chosen = {f"item-{item.id}": self.cleaned_data[f"item-{item.id}"] for item in self.recipe.items}
        return [name for name, link in chosen.items() if link and list(chosen.values()).count(link) > 1]


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
        form = PairsForm(recipe, questionnaire, forms.posted(request))
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
    recipe, said = ("" if code == NONE else code), dict[str, Any]()
    if isinstance(form, PairsForm):
        for name in form.twice():
            form.add_error(name, "This question is paired with two items. Choose another for one of them")
        if form.errors:
            return False
        said = {"binding": form.binding, "weights": form.weights}
    try:
        bringing.bind_questionnaire(questionnaire=questionnaire, recipe=recipe, by=user_of(request).person, **said)
    except bringing.NotScorable as refused:
        for obstacle in refused.obstacles:
            _say(form, obstacle)
    except bringing.AnsweredAlready:
        form.add_error(None, FIXED)
    except NotToBeUsed as refused:
        form.add_error(None, route_words(refused))
    return not form.errors


def _short(question: Question) -> str:
    """What is left out is marked: a sentence that stops in the middle of a word reads as a fault of the file."""
    return Truncator(question.text).chars(LONGEST_SHOWN)


def _say(form: forms.Form, obstacle: Obstacle) -> None:
    """Beside the field that can put it right."""
    if obstacle.why is Against.NOT_WEIGHED and isinstance(form, PairsForm) and obstacle.question in form.lacking:
        form.add_error(form.lacking[obstacle.question], SAY_WEIGHTS.format(obstacle.question))
    else:
        form.add_error(f"item-{obstacle.item}", words.obstacle_words(obstacle))


urlpatterns = [path("questionnaires/<int:pk>/scoring/", scoring, name="questionnaire_scoring")]
