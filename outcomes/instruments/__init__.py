"""The recipes that can be scored, by code. PURE.

Only our own check carries wording (safefit_wellbeing.py); every other
instrument is a recipe without words, and its words come from a file that the
programme holds a licence for.
"""

from __future__ import annotations

from outcomes.instruments.recipe import Recipe
from outcomes.instruments.safefit_wellbeing import RECIPE as SAFEFIT_WELLBEING

RECIPES: dict[str, Recipe] = {recipe.code: recipe for recipe in (SAFEFIT_WELLBEING,)}


def recipe_called(code: str) -> Recipe:
    """The recipe of that code. Raises KeyError when there is none."""
    return RECIPES[code]
