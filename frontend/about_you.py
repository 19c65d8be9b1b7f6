"""What somebody says about themselves, as pages: all of it, and one question at a time. The same read out by the desk.

Here: the words of the questions, showing and keeping one answer, which comes next. Not here: the answers that there
are and the rules (participants/about.py), whose page it is (views/me/about_you.py, views/desk/about_them.py).
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from frontend import forms
from frontend.both_audiences import PagesOfOne
from frontend.signed_in import user_of
from participants import about
from participants.health import NoConsent
from participants.models import Participant
from participants.noting import agreed_to_health_facts
from participants.refusals import NotPossibleNow
from participants.rules.cancer_sites import OTHER

ASKED: Final = {
    "sex": ("Sex", "What is your sex?", "As it was registered when you were born."),
    "gender": ("Gender", "Which of these describes you?", ""),
    "ethnicity": ("Ethnic group", "What is your ethnic group?", ""),
    "cancer_type": ("Kind of cancer", "Which kind of cancer is it?", "If you still wait for results, skip this."),
    "treatment_stage": ("Treatment", "How far are you with treatment?", ""),
}
NOT_NOW = "Somebody who does not take part is not asked this. Nothing was kept."
NOT_AGREED = "This is about health, and the agreement to hold such facts was taken back meanwhile. Nothing was kept."


class Question(forms.Form):
    """One question, with every answer that there is."""

    def __init__(self, question: str, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        _, label, hint = ASKED[question]
        reveals = ("cancer_type", OTHER)
        offered: list[forms.Choice | forms.Divider] = [
            forms.Choice(code, words, reveals=("words",) if reveals == (question, code) else ())
            for code, words in about.choices_of(question).items()
        ]
        offered.insert(-1, forms.Divider())
        field = forms.RadiosField(
            label=label, hint=hint, missing="Select one, or skip this question", page_heading=True, options=offered
        )
        self.fields["answer"] = field
        if question == reveals[0]:
            self.fields["words"] = _own_words()


def _own_words() -> forms.TextField:
    hint = "You do not have to. You and the desk can read it, for as long as we keep your record. It is not counted."
    return forms.TextField(label="What do you call it?", hint=hint, required=False, max_length=about.LONGEST_WORDS)


def overview(pages: PagesOfOne) -> HttpResponse:
    """Every question with what was said, and the first that was not answered yet."""
    asked, said = _asked(pages.participant), about.said_about(pages.participant)
    context = {
        "pages": pages,
        "participant": pages.participant,
        "rows": [(name, ASKED[name][0], about.words_of(name, said[name])) for name in asked],
        "own_words": about.own_words(pages.participant) if "cancer_type" in asked else "",
        "begin": next((name for name in asked if not said[name]), ""),
        "how_many": len(asked),
        "begun": any(said.values()),
    }
    return render(pages.request, f"frontend/{pages.audience}/about_you.html", context)


def question(pages: PagesOfOne, name: str) -> HttpResponse:
    """One of them. What was answered leads to the next that was not."""
    asked = _asked(pages.participant)
    if name not in asked:
        raise Http404
    said = about.said_about(pages.participant)
    form = Question(name, forms.posted(pages.request), initial=_initial(pages.participant, name, said[name]))
    after = asked[asked.index(name) + 1 :]
    following = next((other for other in after if not said[other]), "")
    if form.is_valid() and _keep(pages, name, form):
        if following:
            return redirect(*pages.at("about_question", following))
        messages.success(pages.request, "Thank you. It is kept.")
        return redirect(*pages.at("about_you"))
    return pages.draw("about_question", form, following=following)


def _initial(participant: Participant, name: str, answer: str) -> dict[str, str]:
    words = {"words": about.own_words(participant)} if name == "cancer_type" else {}
    return {"answer": answer, **words}


def _asked(participant: Participant) -> list[str]:
    return about.questions(health=agreed_to_health_facts(participant))


def _keep(pages: PagesOfOne, name: str, form: Question) -> bool:
    try:
        about.tell_about(
            participant=pages.participant,
            question=name,
            answer=form.cleaned_data["answer"],
            words=form.cleaned_data.get("words", ""),
            by=user_of(pages.request).person,
        )
    except NotPossibleNow:
        form.add_error(None, NOT_NOW)
    except NoConsent:
        form.add_error(None, NOT_AGREED)
    return not form.errors
