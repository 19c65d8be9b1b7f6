"""What states a thing has, and which may follow which, as diagrams.

Here: drawing them from the tables that the models declare (`transitions`), which are the very
tables that the database keeps to (tracking.legal_changes). Called by `manage.py states`.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from accounts.data_map import OURS, our_models
from accounts.tracking import Transitions

INTRODUCTION = """# States

This page is made by `manage.py states` from the tables that the database itself keeps to: a change that no arrow
shows is refused, whoever tries it. Change the tables beside their models, never here.
"""


def states() -> str:
    """The whole paper: for each model whose state changes by a table, a diagram and what its words mean."""
    return "\n".join((INTRODUCTION, *(_section(model, field, table) for model, field, table in _tables())))


def _tables() -> Iterator[tuple[type[models.Model], str, Transitions]]:
    for label in OURS:
        for model in our_models(label):
            for field, table in getattr(model, "transitions", {}).items():
                if table:  # an empty one: the state is set once, and a new row says what is new
                    yield model, field, table


def _section(model: type[models.Model], field: str, table: Transitions) -> str:
    words = dict(model._meta.get_field(field).flatchoices)  # type: ignore[union-attr]
    followed = [state for state in words if table.get(state)]
    lines = [f"    {old} --> {new}" for old in followed for new in words if new in table[old]]
    ends = [f"    {state} --> [*]" for state in words if not table.get(state)]
    meaning = [f"* `{state}`: {label}" for state, label in words.items()]
    diagram = ["```mermaid", "stateDiagram-v2", *lines, *ends, "```"]
    name = str(model._meta.verbose_name).capitalize()
    return "\n".join((f"## {name}", "", *diagram, "", *meaning, ""))
