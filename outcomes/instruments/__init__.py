"""The recipes that can be scored, by code. PURE.

Each is one file of this folder, found by itself: `<code>.toml`. Only our own two
carry wording (safefit_wellbeing.py, safefit_experience.py); every other instrument
is a recipe without words, and its words come from a file that the programme holds
a licence for. Read by scoring, importing and showing what a score means.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from outcomes.instruments import safefit_experience, safefit_wellbeing
from outcomes.instruments.reading import read_recipe
from outcomes.instruments.recipe import Recipe

FOLDER = Path(__file__).parent
OWN = {one.CODE: one.RECIPE for one in (safefit_wellbeing, safefit_experience)}


@cache
def codes() -> tuple[str, ...]:
    """What may be scored, in order of the alphabet."""
    return tuple(sorted({*OWN, *(path.stem for path in FOLDER.glob("*.toml"))}))


@cache
def recipe_called(code: str) -> Recipe:
    """The recipe of that code. Raises KeyError when there is none; a file is read the first time it is asked for."""
    if code not in codes():
        raise KeyError(code)
    return OWN[code] if code in OWN else read_recipe((FOLDER / f"{code}.toml").read_text(encoding="utf-8"), code)
