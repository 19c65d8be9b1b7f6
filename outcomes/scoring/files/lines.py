"""What a row of answers came to, as it is written: numbers, bands, findings, and why something is missing. PURE.

Called by `manage.py score_file` and the tests of the recipes. A score of
several parts ("met.walking") is written as one object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from outcomes.instruments.recipe import Recipe
from outcomes.scoring import DECLINED, Given, Reason, Results, ScaleResult, is_worrying, score
from outcomes.scoring.files.answers import Row

Written = tuple[str, Any, str]  # under which name, what, and what to know of it

STATUS = {None: "ok", Reason.CANNOT_BE: "excluded", Reason.OUT_OF_RANGE: "excluded"}


def line_of(row: Row, recipe: Recipe) -> dict[str, Any]:
    """`{"name": …, "scores": {…}, "reasons": {…}}`: a score is null exactly when a reason says why.

    A reason may also stand beside a score, as "unable" beside a 0. What the
    file has no room for (an optional item) is not written.
    """
    results = score(recipe, row.answers)
    scores: dict[str, Any] = {}
    reasons: dict[str, Any] = {}
    for name, value, why in _written(recipe, results, row):
        _put(scores, name, value)
        if why:
            _put(reasons, name, why)
    for whole in [name for name, value in scores.items() if isinstance(value, dict)]:
        if set(scores[whole].values()) == {None}:
            scores[whole], reasons[whole] = None, next(iter(reasons[whole].values()))
    return {"name": row.name, "scores": scores, "reasons": reasons}


def _written(recipe: Recipe, results: Results, row: Row) -> Iterator[Written]:
    if recipe.status:
        yield recipe.status, STATUS.get(results[recipe.main].reason, "missing"), ""
    named = {label.id for label in recipe.labels}
    for scale in recipe.scales:
        wanted = any(not recipe.item(item).optional or item in row.asked for item in scale.items)
        if wanted and scale.id not in named:
            result = results[scale.id]
            yield scale.id, result.value, _why(result)
    for label in recipe.labels:
        result = results[label.of]
        band = None if result.value is None else recipe.scale(label.of).band_of(result.value)
        yield label.id, band, _why(result)
    for item in recipe.safety_items:
        worrying = is_worrying(item, row.answers)
        yield item.id, worrying, "" if worrying is not None else _why_unanswered(row.answers, item.item)


def _why(result: ScaleResult) -> str:
    return str(result.reason or ", ".join(sorted(result.flags)))


def _why_unanswered(answers: Given, item: str) -> str:
    return Reason.DECLINED if answers.get(item) == DECLINED else Reason.MISSING


def _put(where: dict[str, Any], name: str, value: Any) -> None:
    head, dot, part = name.partition(".")
    if dot:
        where.setdefault(head, {})[part] = value
    else:
        where[name] = value
