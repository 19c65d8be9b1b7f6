"""Every field about a person says what it is for, on what basis, and how long it is kept."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from accounts.privacy import Basis, Held, Retention

OURS = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records")


def our_models() -> list[type[models.Model]]:
    """Our models, without the history models that the triggers write to (they hold the same fields)."""
    return [m for app in OURS for m in apps.get_app_config(app).get_models() if not hasattr(m, "pgh_tracked_model")]


def unclassified(model: type[models.Model]) -> list[str]:
    """What is wrong with the declarations of `model`; relations and the key need none."""
    label = model._meta.label
    if not (hasattr(model, "held") and hasattr(model, "plain")):
        return [f"{label} declares neither held nor plain"]
    held = [name for entry in model.held for name in entry.names]
    plain = model.plain.split()
    fields = {f.name for f in model._meta.concrete_fields if not f.is_relation and not f.primary_key}
    fields |= {name for name in ("password", "last_login") if any(f.name == name for f in model._meta.fields)}
    twice = sorted({name for name in held + plain if (held + plain).count(name) > 1})
    return [
        *(f"{label}.{name} is not classified" for name in sorted(fields - set(held) - set(plain))),
        *(f"{label}.{name} is classified and does not exist" for name in sorted((set(held) | set(plain)) - fields)),
        *(f"{label}.{name} is classified twice" for name in twice),
        *(f"{label}: an entry of held is no Held" for entry in model.held if not isinstance(entry, Held)),
    ]


def test_every_field_of_every_model_is_classified():
    models_found = our_models()
    assert len(models_found) > 30
    assert [fault for model in models_found for fault in unclassified(model)] == []


@isolate_apps("participants")
def test_the_check_finds_a_field_that_nobody_classified():
    class Diary(models.Model):
        mood = models.CharField(max_length=10)
        written_at = models.DateTimeField()

        held = ()
        plain = "written_at gone"

        class Meta:
            app_label = "participants"

    assert unclassified(Diary) == [
        "participants.Diary.mood is not classified",
        "participants.Diary.gone is classified and does not exist",
    ]


@isolate_apps("participants")
@pytest.mark.parametrize("declared", [{}, {"held": ()}])
def test_the_check_finds_a_model_without_declarations(declared):
    class Meta:
        app_label = "participants"

    model = type("Bare", (models.Model,), {"__module__": __name__, "Meta": Meta, **declared})
    assert unclassified(model) == ["participants.Bare declares neither held nor plain"]


@isolate_apps("participants")
def test_the_check_finds_a_field_classified_twice_and_a_classification_that_says_nothing():
    class Diary(models.Model):
        mood = models.CharField(max_length=10)

        held = (Held("mood", "to talk about it", Basis.SERVICE, Retention.RECORD), SimpleNamespace(names=("mood",)))
        plain = ""

        class Meta:
            app_label = "participants"

    assert unclassified(Diary) == [
        "participants.Diary.mood is classified twice",
        "participants.Diary: an entry of held is no Held",
    ]
