"""Two sets of answers for one timepoint, and two invitations to one study: one counts, the other is kept aside.

Called by look.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from outcomes.models import Assessment, AssessmentState, Response, StudyInvitation
from records.merging.clash import Clash, Settling, Two
from records.merging.weighing import Answered, first_that_counts


def find(two: Two) -> Iterator[Clash]:
    yield from _assessments(two)
    yield from _invitations(two)


def _assessments(two: Two) -> Iterator[Clash]:
    due: dict[tuple[int, int, int], list[Assessment]] = defaultdict(list)
    rows = Assessment.objects.filter(participant__in=two.both).select_related("questionnaire", "timepoint")
    for row in sorted(rows, key=lambda row: row.participant_id != two.keep.pk):
        due[row.timepoint_id, row.questionnaire_id, row.round].append(row)
    doubled = {key: group for key, group in due.items() if len(group) > 1}
    given = {r.assessment_id: r for r in Response.objects.filter(assessment__participant__in=two.both)}
    for group in doubled.values():
        counts = first_that_counts([_answered(row, given.get(row.pk)) for row in group])
        for row in (row for row in group if row.pk != counts):
            facts = {"title": row.questionnaire.title, "timepoint": row.timepoint.label, "answered": row.pk in given}
            told = row.pk in given  # what nobody has begun is of no interest
            yield Clash("answers", facts, partial(_set_answers_aside, row.pk), told)


def _answered(row: Assessment, given: Response | None) -> Answered:
    sent = given.submitted_at if given and row.state == AssessmentState.SUBMITTED else None
    return Answered(row.pk, row.state, sent, given is not None)


def _set_answers_aside(key: int, settling: Settling) -> None:
    settling.journal.set_aside(Assessment.objects.filter(pk=key))


def _invitations(two: Two) -> Iterator[Clash]:
    """What somebody answered counts before what they left open; of two answers "no" does."""
    own = {row.study_id: row for row in StudyInvitation.objects.filter(participant=two.keep)}
    for row in StudyInvitation.objects.filter(participant=two.gone, study__in=own):
        aside = min(own[row.study_id], row, key=lambda one: (bool(one.answer), one.answer == "no", one != row))
        yield Clash("invitation", {}, partial(_set_invitation_aside, aside.pk), told=False)


def _set_invitation_aside(key: int, settling: Settling) -> None:
    settling.journal.set_aside(StudyInvitation.objects.filter(pk=key))
