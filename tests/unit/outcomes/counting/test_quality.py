"""How the forms behind a release came: of everyone alone, hidden where few, and read from the rows as they are."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.utils import timezone

from outcomes.counting.gathering import cohort_of, timings_of
from outcomes.counting.quality import MODES
from outcomes.counting.truth import sheet_of
from outcomes.disclosure import EVERYONE
from outcomes.disclosure.rules import nearest_five
from outcomes.instruments.safefit_wellbeing import CODE
from outcomes.models import AnswerMode, Response
from outcomes.releases.figures import Counted, build
from participants.models import Participant
from tests.factories.journeys import AS_AT, TIMINGS, population
from tests.factories.one_by_one import cohort
from tests.factories.outcomes import AssessmentFactory, attended, consents, sent_form, timepoints_of


def test_by_whom_forms_were_filled_in_is_told_of_everyone_alone_and_hidden_where_they_are_few() -> None:
    people = cohort(population(6, {"Dorset": 60, "Poole": 40}))
    timings, areas = TIMINGS[:2], ["Dorset", "Poole"]
    built = build(Counted(people, timings, ("area",), areas, AS_AT), k=8, step=lambda done: None)
    sheet = sheet_of(people, timings=timings, bands={}, as_at=AS_AT)
    assert built.is_safe
    small = 0
    for mode in MODES:
        name = f"forms.w12.by_{mode}"
        true = int(np.nansum(sheet.amount(name)))
        (cell,) = [cell for cell in built.cells if cell["measure"] == name]
        assert cell["where"] == dict(EVERYONE) and true > 0
        assert cell["value"] == (nearest_five(true) if true >= 8 else None)
        small += true < 8
    assert small, "a supporter typed few"
    assert ["forms.w12.sent", [f"forms.w12.by_{mode}" for mode in MODES]] in built.method["sums"]
    assert ["funnel.started", ["forms.start.sent", "forms.start.not_sent"]] in built.method["sums"]


@pytest.mark.django_db
def test_the_modes_are_those_of_answers_and_stand_for_whoever_sent_a_form(pat: Participant) -> None:
    assert AnswerMode.values == list(MODES)
    start, later, _ = timepoints_of(pat.programme)
    today = timezone.localdate()
    consents(pat)
    attended(pat, today - dt.timedelta(days=120))
    for point, days, mode in ((start, 121, AnswerMode.PAPER), (later, 5, AnswerMode.PHONE)):
        form = AssessmentFactory(participant=pat, timepoint=point, questionnaire__recipe=CODE)
        sent_form(form, {"energy": 5}, on=today - dt.timedelta(days=days))
        Response.objects.filter(assessment=form).update(mode=mode)
    whole = cohort_of(pat.programme, as_at=today)
    amounts = sheet_of(whole, timings=timings_of(pat.programme), bands={}, as_at=today).amounts
    assert {name for name in amounts if name.startswith("forms.")} == {
        "forms.start.sent", "forms.start.by_paper", "forms.w12.due", "forms.w12.not_sent", "forms.w12.outside",
    }  # fmt: skip
