"""What taking part is like: our own short questions after the first month and at the end, and their recipe. PURE.

About the programme and not about the person's health. Each question is a scale
of its own: nothing is added up. Written for SafeFit, so the words may be shipped.
"""

from __future__ import annotations

from typing import Final

from outcomes.instruments.recipe import CheckRange, Item, Mean, MinAnswered, Recipe, Scale
from outcomes.instruments.safefit_wellbeing import chosen, rating

CODE: Final = "safefit_experience"
VERSION: Final = "1"
TITLE: Final = "What SafeFit is like for you"
INTRODUCTION: Final = (
    "A few short questions about the classes and about us, so that we can do better. "
    "Your instructors do not see your answers. You can leave out any question."
)
RATINGS: Final = {
    "finding": ("How easy is it to find and book a class that suits you?", "Very hard", "Very easy"),
    "suiting": ("How well do the classes suit what you can do?", "Not at all", "Very well"),
    "safe": ("How safe do you feel in the classes?", "Not safe", "Very safe"),
    "explained": ("How well do your instructors explain what to do?", "Not at all", "Very well"),
    "welcome": ("How welcome do you feel?", "Not welcome", "Very welcome"),
}
SUGGEST: Final = "suggest"
SUGGESTED: Final = ((0, "No"), (1, "I am not sure"), (2, "Yes"))


def _alone(item: str, hi: int) -> Scale:
    return Scale(item, (item,), (CheckRange(), MinAnswered(1), Mean()), lo=0, hi=hi)


RECIPE: Final = Recipe(
    code=CODE,
    version=VERSION,
    title=TITLE,
    items=(*(Item(item, 0, 10) for item in RATINGS), Item(SUGGEST, 0, 2)),
    scales=(*(_alone(item, 10) for item in RATINGS), _alone(SUGGEST, 2)),
    citation="SafeFit experience form, version 1: our own questions, not validated.",
    licence="MIT, as the rest of SafeFit",
    measures="what taking part is like",
    main="suiting",
)
ITEMS: Final = [
    *(rating(item, text, low, high) for item, (text, low, high) in RATINGS.items()),
    chosen(SUGGEST, "Would you suggest SafeFit to somebody in your place?", SUGGESTED),
]
