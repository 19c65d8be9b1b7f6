"""Goals as pages and in words, the same for oneself and typed at the desk: all of them, and one to be rated.

Here: the forms, keeping what they say, and the words. Not here: rules (outcomes/answering/goals.py), whose page it is.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from frontend import forms
from frontend.both_audiences import PagesOfOne
from frontend.safety_check import as_uuid
from frontend.signed_in import user_of
from frontend.wording import plain_date
from outcomes.answering import goals
from outcomes.models import Goal, GoalRating
from outcomes.models.goals import LONGEST_GOAL, NOT_YET, REACHED
from participants.models import Participant

ENOUGH = f"There are {goals.MOST_GOALS} goals already. Put one away first, then add this one."
GONE = "This goal was put away meanwhile, so nothing was saved."


def _near(label: str) -> forms.NumberField:
    return forms.NumberField(
        label=label,
        called="how near it is",
        hint=f"{NOT_YET} is not at all yet. {REACHED} is all the way.",
        min_value=NOT_YET,
        max_value=REACHED,
        width=3,
    )


class GoalForm(forms.Form):
    words = forms.LongTextField(
        label="What would you like to be able to do?",
        hint="In your own words. For example: walk to the shop and back.",
        called="what you would like to be able to do",
        rows=2,
        max_length=LONGEST_GOAL,
    )
    near = _near("How near are you to it today?")


class RateForm(forms.Form):
    id = forms.HiddenField(required=False)
    near = _near("How near are you to it now?")


def goals_page(pages: PagesOfOne) -> HttpResponse:
    """Every goal, and one more."""
    form = GoalForm(forms.posted(pages.request))
    if form.is_valid() and _set(pages, form):
        messages.success(pages.request, "Saved.")
        return redirect(*pages.at("goals"))
    shown = goals.goals_of(pages.participant)
    to_rate = goals.to_rate(shown, goals.open_timepoint(pages.participant))
    return pages.draw(
        "goals",
        form,
        rows=[(goal, near_words(goal), goal in to_rate) for goal in goals.current(shown)],
        earlier=[(goal.words, near_words(goal)) for goal in shown if goal.put_away_at is not None],
        may_add=len(goals.current(shown)) < goals.MOST_GOALS or form.is_bound,
        most=goals.MOST_GOALS,
    )


def goal_page(pages: PagesOfOne, pk: int) -> HttpResponse:
    """One goal: what was said of it, and saying it anew."""
    goal = goal_or_404(pages.participant, pk)
    form = RateForm(forms.posted(pages.request), initial={"id": uuid.uuid4()})
    if form.is_valid() and _rate(pages, goal, form):
        messages.success(pages.request, "Saved.")
        return redirect(*pages.at("goals"))
    return pages.draw("goal", form, goal=goal, ratings=[_rating_words(one) for one in goal.ratings.all()])


def put_away(pages: PagesOfOne, pk: int) -> HttpResponse:
    goals.put_away(goal=goal_or_404(pages.participant, pk), by=user_of(pages.request).person)
    messages.success(pages.request, "Put away. What was said about it is kept.")
    return redirect(*pages.at("goals"))


def goal_or_404(participant: Participant, pk: int) -> Goal:
    """One that stands, of somebody whom the caller may already see."""
    found = next((goal for goal in goals.current(goals.goals_of(participant)) if goal.pk == pk), None)
    if found is None:
        raise Http404
    return found


def near_words(goal: Goal) -> str:
    """ "From 2 of 10 on 3 May 2027 to 6 of 10 on 26 July 2027"."""
    ratings = list(goal.ratings.all())
    if not ratings:
        return "Not said yet how near"
    first, last = ratings[0], ratings[-1]
    latest = f"{last.value} of {REACHED} on {plain_date(last.at)}"
    return latest if first == last else f"From {first.value} of {REACHED} on {plain_date(first.at)} to {latest}"


def _rating_words(rating: GoalRating) -> tuple[str, str]:
    when = plain_date(rating.at)
    if rating.timepoint:
        when = f"{when}, {rating.timepoint.label.lower()}"
    return when, f"{rating.value} of {REACHED}"


def _set(pages: PagesOfOne, form: GoalForm) -> bool:
    said, by = form.cleaned_data, user_of(pages.request).person
    try:
        goals.set_goal(participant=pages.participant, words=said["words"], near=said["near"], by=by)
    except goals.EnoughGoals:
        form.add_error(None, ENOUGH)
        return False
    return True


def _rate(pages: PagesOfOne, goal: Goal, form: RateForm) -> bool:
    said, by = form.cleaned_data, user_of(pages.request).person
    try:
        goals.rate_goal(id=as_uuid(said["id"]), goal=goal, near=said["near"], by=by)
    except goals.PutAway:
        form.add_error(None, GONE)
        return False
    return True
