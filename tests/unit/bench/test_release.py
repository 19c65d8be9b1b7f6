"""What a summary is measured from is there, whole, and counted by the product as it counts people who sent forms."""

from __future__ import annotations

import pytest

from bench.release import OF_EACH, measured, reached, told
from outcomes.models import Release, ReleaseCell, ReleaseState


@pytest.mark.django_db
def test_everybody_who_was_copied_is_counted_with_all_their_forms() -> None:
    found = measured(OF_EACH * 60)
    assert (found["people"], found["scores"]) == (60, 60 * OF_EACH)
    assert Release.objects.get().state == ReleaseState.PUBLISHED
    for measure in ("funnel.started", "forms.w12.sent", "total.w26.n"):
        assert ReleaseCell.objects.get(measure=measure, where={}).value == 60, measure
    assert not reached(found | {"building_s": 90.0, "attack_s": 1.0})
    assert "Of 10,000,000 scores" in told(found)


def test_reading_and_counting_grow_with_the_scores_and_the_attack_does_not() -> None:
    found = {"scores": 1e6, "people": 83_333, "cells": 400, "building_s": 8.0, "building_cpu_s": 6.0}
    found |= {"database_cpu_s": 4.0, "memory_mb": 300.0}
    assert ": 53 s;" in told(found | {"attack_s": 3.0})  # 10 times 5, and the attack once
    assert reached(found | {"attack_s": 3.0}) and not reached(found | {"attack_s": 0.0})
