"""Questionnaires brought in from a file: looked at, licensed, bound to a recipe, made active.

Here: the actions, their refusals, and the door to the rows. Not here: reading a
file (fhir/), which question is which item (questions/binding.py), pages. Called by the desk.
A file is brought in whole or not at all, and is asked of nobody before somebody
has looked at it and made it active.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.text import slugify

from accounts.history import acting
from accounts.models import Person, Programme
from outcomes.fhir.reading import FORMAT, Reading, read_questionnaire
from outcomes.fhir.remarks import Report
from outcomes.instruments import codes, recipe_called, safefit_experience, safefit_wellbeing
from outcomes.instruments.recipe import Recipe
from outcomes.models import Questionnaire, QuestionnaireFile, QuestionnaireQuerySet, Response
from outcomes.questions import Question, every_question
from outcomes.questions.binding import (
    Against,
    Obstacle,
    Weights,
    against,
    kept_as,
    lacks_weights,
    proposed,
    weighed_by_hand,
)
from outcomes.safety import NotToBeUsed, hindrances

LONGEST_CODE: Final = 50
OUR_OWN: Final = (safefit_wellbeing.CODE, safefit_experience.CODE)  # nothing from a file is taken for one of them

# --- refusals ----------------------------------------------------------------


class NotFit(Exception):
    """The file holds what cannot be asked: see `report.refused`."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report


class HereAlready(Exception):
    """This version is here: the very same file (`same`), or another file of the same name and version."""

    def __init__(self, questionnaire: Questionnaire, *, same: bool) -> None:
        super().__init__(questionnaire.pk, same)
        self.questionnaire, self.same = questionnaire, same


class NotScorable(Exception):
    """The form does not fit the recipe; `obstacles` say which items."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(obstacles)
        self.obstacles = obstacles


class AnsweredAlready(Exception):
    """Somebody has answered it, so how it is scored is fixed."""


class LicenceNotInForce(Exception):
    """The licence on record does not hold today."""

    def __init__(self, file: QuestionnaireFile) -> None:
        super().__init__(file.licence_from, file.licence_until)
        self.starts, self.ended = file.licence_from, file.licence_until


@dataclass(frozen=True)
class Licence:
    """Under which licence a form is asked. Raises ValueError when a part is missing or it ends before it begins."""

    holder: str
    reference: str
    starts: date
    ends: date | None = None

    def __post_init__(self) -> None:
        if not (self.holder.strip() and self.reference.strip()):
            raise ValueError("a licence has a holder and a reference")
        if self.ends and self.ends < self.starts:
            raise ValueError("a licence ends after it begins")


@dataclass(frozen=True)
class Look:
    """What a file comes to: what it holds, and the `earlier` version of it that is here, if any."""

    reading: Reading
    questions: tuple[Question, ...]
    fingerprint: str
    version: str
    earlier: Questionnaire | None


# --- doors -------------------------------------------------------------------


def questionnaires_arranged_by(user: object) -> QuestionnaireQuerySet:
    """The questionnaires of the programmes that the user arranges, the newest version first."""
    rows = Questionnaire.objects.arranged_by(user).select_related("programme", "file__brought_by")
    return rows.defer("file__source").order_by("title", "code", "-id")


def recipe_title(questionnaire: Questionnaire) -> str:
    """What it is scored as; says so when it is not."""
    if not questionnaire.recipe:
        return "Not scored"
    recipe = recipe_called(questionnaire.recipe)
    return f"{recipe.title}, version {recipe.version}"


def is_in_force(file: QuestionnaireFile, on: date) -> bool:
    return file.licence_from <= on and (file.licence_until is None or on <= file.licence_until)


# --- bringing in -------------------------------------------------------------


def look_at_questionnaire(*, programme: Programme, content: bytes) -> Look:
    """What the file comes to; nothing is kept. Raises Unreadable, HereAlready."""
    reading, fingerprint = read_questionnaire(content), hashlib.sha256(content).hexdigest()
    version = reading.version or f"file-{fingerprint[:8]}"  # a canonical holds no space
    same = programme.questionnaires.filter(file__sha256=fingerprint).first()
    if same:
        raise HereAlready(same, same=True)
    others = programme.questionnaires.filter(code=_code(programme, reading)).order_by("-id")
    if taken := others.filter(version=version).first():
        raise HereAlready(taken, same=False)
    questions = every_question(reading.items) if not reading.report.refused else ()
    return Look(reading, questions, fingerprint, version, others.first())


def bring_questionnaire(
    *, programme: Programme, content: bytes, licence: Licence, recipe: str = "", by: Person
) -> Questionnaire:
    """Keep the file and what it asks, not active. `recipe`: the code of one, bound by names and codes.

    Raises Unreadable, HereAlready, NotFit, NotScorable; then nothing is kept.
    """
    with acting(by, "outcomes.bring_questionnaire"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # one file after the other
        look = look_at_questionnaire(programme=programme, content=content)
        if look.reading.report.refused:
            raise NotFit(look.reading.report)
        binding = _bound(recipe, look.questions, None, {}) if recipe else {}
        questionnaire = Questionnaire.objects.create(
            programme=programme,
            code=_code(programme, look.reading),
            version=look.version,
            url=look.reading.url,
            title=look.reading.title,
            introduction=look.reading.introduction,
            items=list(look.reading.items),
            recipe=recipe,
            binding=binding,
            licence=look.reading.copyright,
            active=False,
            asked_at=look.earlier.asked_at if look.earlier else [],
        )
        _keep_file(questionnaire, content, look.fingerprint, licence, by)
        return questionnaire


def _keep_file(questionnaire: Questionnaire, content: bytes, fingerprint: str, licence: Licence, by: Person) -> None:
    QuestionnaireFile.objects.create(
        questionnaire=questionnaire,
        source=content,
        sha256=fingerprint,
        format=FORMAT,
        brought_by=by,
        **_licence_fields(licence),
    )


def _licence_fields(licence: Licence) -> dict[str, str | date | None]:
    return {
        "licence_holder": licence.holder.strip(),
        "licence_reference": licence.reference.strip(),
        "licence_from": licence.starts,
        "licence_until": licence.ends,
    }


def _code(programme: Programme, reading: Reading) -> str:
    """The name of the form without its version: that of an earlier version, or a new one."""
    there = programme.questionnaires.filter(url=reading.url).first() if reading.url else None
    if there:
        return there.code
    name = slugify(reading.url.rstrip("/").rpartition("/")[2]) or slugify(reading.title) or "questionnaire"
    others = programme.questionnaires.exclude(url=reading.url, file__isnull=False)
    taken = {code.replace("_", "-") for code in OUR_OWN} | set(others.values_list("code", flat=True))
    names = (name[: LONGEST_CODE - 4] + (f"-{number}" if number > 1 else "") for number in range(1, 1000))
    return next(code for code in names if code not in taken)


# --- how it is scored --------------------------------------------------------


def recipes_for_files() -> dict[str, Recipe]:
    """The recipes that a form from a file may be scored by: all but those of our own forms, whose words are here."""
    return {code: recipe_called(code) for code in codes() if code not in OUR_OWN}


def fits_of(questions: Iterable[Question]) -> list[tuple[Recipe, list[Obstacle]]]:
    """The recipes that share a name or a code with the form, the best fit first, each with what stands against it.

    Whatever only wants to be told what answers weigh, which can be said by hand, comes before what does not fit.
    """
    asked = list(questions)
    pairs = [(recipe, proposed(recipe, asked)) for recipe in recipes_for_files().values()]
    found = [(recipe, against(recipe, asked, binding)) for recipe, binding in pairs if binding]
    return sorted(found, key=lambda fit: (not can_be_said(fit[1]), len(fit[1]) / len(fit[0].items)))


def can_be_said(obstacles: Iterable[Obstacle]) -> bool:
    """Whether nothing stands in the way but that nobody has said yet what answers weigh."""
    return all(one.why is Against.NOT_WEIGHED for one in obstacles)


def bind_questionnaire(
    *,
    questionnaire: Questionnaire,
    recipe: str,
    binding: Mapping[str, str] | None = None,
    weights: Weights | None = None,
    by: Person,
) -> Questionnaire:
    """Score it by `recipe` ("" for none); `binding` pairs linkIds with items by hand, else names and codes do.
    `weights`: what the options of a question weigh, where the file does not say it.

    Raises NotScorable, AnsweredAlready; then nothing is changed.
    """
    with acting(by, "outcomes.bind_questionnaire"):
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        if Response.objects.filter(assessment__questionnaire=locked).exists():
            raise AnsweredAlready
        locked.binding = _bound(recipe, every_question(locked.items), binding, weights or {}) if recipe else {}
        locked.recipe = recipe
        if locked.active:
            _refuse_while_nobody_hears(locked)
        locked.save(update_fields=["recipe", "binding"])
        return locked


def _bound(
    recipe: str, questions: Iterable[Question], binding: Mapping[str, str] | None, weights: Weights
) -> dict[str, Any]:
    known, plain = recipes_for_files()[recipe], list(questions)
    asked, lacking = weighed_by_hand(plain, weights), {one.id for one in plain if lacks_weights(one)}
    pairs = dict(proposed(known, asked) if binding is None else binding)
    if obstacles := against(known, asked, pairs):
        raise NotScorable(obstacles)
    return kept_as(pairs, {link: said for link, said in weights.items() if link in lacking})


# --- licence, and whom it is asked -------------------------------------------


def record_licence(*, questionnaire: Questionnaire, licence: Licence, by: Person) -> None:
    """Another licence, or the same for longer. What stood before stays in the history."""
    with acting(by, "outcomes.record_licence"):
        file = QuestionnaireFile.objects.select_for_update().defer("source").get(questionnaire=questionnaire)
        for name, value in _licence_fields(licence).items():
            setattr(file, name, value)
        file.save(update_fields=list(_licence_fields(licence)))


def make_active(*, questionnaire: Questionnaire, by: Person) -> Questionnaire:
    """Ask it from now on of whoever joins; another version of it is asked no more. Doing so twice changes nothing.

    What was planned with another version keeps the words it was planned with.
    Raises LicenceNotInForce, NotToBeUsed.
    """
    with acting(by, "outcomes.make_questionnaire_active"):
        Programme.objects.select_for_update(no_key=True).get(pk=questionnaire.programme_id)
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        file = QuestionnaireFile.objects.defer("source").filter(questionnaire=locked).first()
        if file and not is_in_force(file, timezone.localdate()):
            raise LicenceNotInForce(file)
        _refuse_while_nobody_hears(locked)
        for other in Questionnaire.objects.filter(
            programme_id=locked.programme_id, code=locked.code, active=True
        ).exclude(pk=locked.pk):
            other.active = False
            other.save(update_fields=["active"])
        locked.active = True
        locked.save(update_fields=["active"])
        return locked


def make_inactive(*, questionnaire: Questionnaire, by: Person) -> Questionnaire:
    """Ask it of nobody who joins from now on. What is planned already is still asked."""
    with acting(by, "outcomes.make_questionnaire_inactive"):
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        locked.active = False
        locked.save(update_fields=["active"])
        return locked


def _refuse_while_nobody_hears(questionnaire: Questionnaire) -> None:
    """Raises NotToBeUsed for a form with worrying answers while something is missing for hearing of them."""
    if missing := hindrances(questionnaire):
        raise NotToBeUsed(missing)
