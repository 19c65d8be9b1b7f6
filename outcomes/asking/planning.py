"""Which questionnaires a participant is due, and when: planned, moved, no longer wanted.

Here: the rows of assessments. Not here: when a window opens (windows.py), what is
said about it (open_forms.py), answering (answering/). Called as a consequence of
what happens to a participant (apps.py), and every night (tasks.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from types import ModuleType
from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Programme
from classes.register import first_attended_on, next_place_on
from messaging.one_by_one import one_by_one
from outcomes import safety
from outcomes.asking import once_more, open_forms
from outcomes.asking.once_more import Dates
from outcomes.asking.to_come import STILL_ASKED, refuses_questions
from outcomes.asking.windows import Window
from outcomes.instruments import safefit_experience, safefit_wellbeing
from outcomes.instruments.recipe import Recipe
from outcomes.models import Assessment, AssessmentState, Questionnaire
from participants.models import ConsentEvent, ConsentKind, Enrolment, Participant, ParticipantStatus, Timepoint
from participants.rules.programme_time import Pause

FIRST_MONTH: Final = "m1"
LAST_DAY_OF_PROGRAMME: Final = 200  # what lies later is asked of people who have long finished
AT_ONCE: Final = 200  # people whose windows are moved in one transaction, by night
UNANSWERED: Final = (AssessmentState.PLANNED, AssessmentState.MISSED)


def wellbeing_check_of(programme: Programme, *, by: Actor) -> Questionnaire:
    """The programme's own wellbeing check, put in place the first time it is wanted."""
    return _put_in_place(programme, safefit_wellbeing.RECIPE, by, **_words(safefit_wellbeing))


def experience_form_of(programme: Programme, *, by: Actor) -> Questionnaire | None:
    """What taking part is like, asked after the first month and at the end; None where nothing is asked then."""
    points = list(programme.timepoints.order_by("day"))
    ends = [point.code for point in points if point.measures_change and 0 < point.day <= LAST_DAY_OF_PROGRAMME]
    aside = [point.code for point in points if point.code == FIRST_MONTH]
    if not aside:
        return None
    return _put_in_place(
        programme, safefit_experience.RECIPE, by, asked_at=aside + ends[-1:], **_words(safefit_experience)
    )


def _words(ours: ModuleType) -> dict[str, Any]:
    return {"title": ours.TITLE, "introduction": ours.INTRODUCTION, "items": ours.ITEMS}


def _put_in_place(programme: Programme, recipe: Recipe, by: Actor, **fields: Any) -> Questionnaire:
    """Today's version, and no other, is asked of whoever joins; what was planned with another keeps its words."""
    versions = Questionnaire.objects.filter(programme=programme, code=recipe.code.replace("_", "-"))
    if there := versions.filter(version=recipe.version, active=True).first():
        return there
    with acting(by, "outcomes.add_questionnaire"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # one version after the other
        versions.filter(active=True).exclude(version=recipe.version).update(active=False)
        defaults = {"recipe": recipe.code, "licence": recipe.licence, **fields, "active": True}
        key = {"programme": programme, "code": recipe.code.replace("_", "-"), "version": recipe.version}
        return Questionnaire.objects.update_or_create(**key, defaults={"active": True}, create_defaults=defaults)[0]


def plan_assessments(*, participant: Participant, by: Actor) -> list[Assessment]:
    """One assessment for each timepoint and active questionnaire of the programme, and their windows.

    Safe to repeat: what is planned or answered stays, what was no longer wanted is wanted again where the programme
    still asks it, in whichever version. What came into use after they had joined is not asked of them, and no form
    twice at one timepoint, whatever its version. Nothing is planned for who does not agree that we ask about their
    health.
    """
    with acting(by, "outcomes.plan_assessments", on_behalf_of=participant.person):
        if refuses_questions(participant):
            return []
        wellbeing_check_of(participant.programme, by=by)
        experience_form_of(participant.programme, by=by)
        active = participant.programme.questionnaires.filter(active=True).select_related("programme").order_by("pk")
        asked = [questionnaire for questionnaire in active if safety.may_be_asked(questionnaire)]
        Assessment.objects.bulk_create(_still_to_plan(participant, asked), ignore_conflicts=True)
        codes = [questionnaire.code for questionnaire in active]
        again = participant.assessments.filter(state=AssessmentState.NOT_WANTED, questionnaire__code__in=codes)
        again.update(state=AssessmentState.PLANNED)
        _refresh([participant.pk], on=timezone.localdate(), by=by)
        return list(participant.assessments.order_by("timepoint__day", "id"))


def _still_to_plan(participant: Participant, asked: Iterable[Questionnaire]) -> Iterator[Assessment]:
    planned = set(participant.assessments.values_list("questionnaire__code", "timepoint_id"))
    theirs = {code for code, _ in planned}
    for point in participant.programme.timepoints.all():
        for one in asked:
            is_theirs = not theirs or one.code in theirs
            if is_theirs and is_asked_at(one, point) and (one.code, point.pk) not in planned:
                yield Assessment(participant=participant, timepoint=point, questionnaire=one)


def is_asked_at(questionnaire: Questionnaire, timepoint: Timepoint) -> bool:
    """At the timepoints that were chosen for it; else at each that measures change."""
    return timepoint.code in questionnaire.asked_at if questionnaire.asked_at else timepoint.measures_change


def refresh_windows(*, on: date, participants: Iterable[Participant] | None = None, by: Actor = System.WORKER) -> int:
    """Move windows to where classes attended and pauses put them; returns how many rows changed.

    Everybody every night, one person with what happens to them. A window
    that has gone by is MISSED, one that a pause moved on is open again, and what
    was answered too early to count is asked once more. Who left or has died is left
    alone, and whoever does not agree that we ask about their health is asked no more.
    """
    if participants is not None:
        return _refresh_together([participant.pk for participant in participants], on=on, by=by)
    everybody = list(Participant.objects.filter(status__in=STILL_ASKED).order_by("pk").values_list("pk", flat=True))
    lots = {start: everybody[start : start + AT_ONCE] for start in range(0, len(everybody), AT_ONCE)}
    return sum(one_by_one(lambda start: _refresh_lot(lots[start], on=on, by=by), lots))


def _refresh_lot(ids: list[int], *, on: date, by: Actor) -> int:
    """Some people in one transaction; where one of them is at fault, each alone, and it is seen who."""
    try:
        return _refresh_together(ids, on=on, by=by)
    except Exception:  # noqa: BLE001  raised again for whoever it is about
        return sum(one_by_one(lambda pk: _refresh_together([pk], on=on, by=by), ids))


def _refresh_together(ids: list[int], *, on: date, by: Actor) -> int:
    with acting(by, "outcomes.refresh_windows"):
        return _refresh(ids, on=on, by=by)


def plan_on_joining(participant: Participant, by: Actor) -> None:
    plan_assessments(participant=participant, by=by)


def ask_again(participant: Participant, by: Actor) -> None:
    """They agree again that we ask about their health: what was taken back is wanted again."""
    if participant.status in STILL_ASKED:
        plan_assessments(participant=participant, by=by)


def refresh_after_pause(participant: Participant, by: Actor) -> None:
    with acting(by, "outcomes.refresh_windows", on_behalf_of=participant.person):
        if participant.status == ParticipantStatus.PAUSED:
            open_forms.stop_calling(participant)
        refresh_windows(on=timezone.localdate(), participants=[participant], by=by)


def stop_asking(participant: Participant, by: Actor) -> None:
    """Nothing unanswered is wanted any more, and nothing about it is sent. For leaving, death, and who takes back
    that we may ask about their health."""
    with acting(by, "outcomes.stop_asking", on_behalf_of=participant.person):
        open_ones = unanswered(participant)
        open_forms.take_back(open_forms.heads_of(open_ones))
        open_ones.update(state=AssessmentState.NOT_WANTED)


def unanswered(participant: Participant) -> QuerySet[Assessment]:
    """What is still wanted of this person, or was not answered in time."""
    return participant.assessments.filter(state__in=UNANSWERED)


def _refresh(ids: list[int], *, on: date, by: Actor) -> int:
    _stop_where_refused(ids, by)
    dates = _dates_of(_still_asked(ids))
    once_more.plan_once_more(dates.values(), on=on)
    forms = open_forms.with_head(
        Assessment.objects.filter(participant__in=dates, state__in=UNANSWERED)
        .select_related("timepoint", "participant__person", "participant__programme")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    placed = [(form, dates[form.participant_id].window(form)) for form in forms]
    changed = sum(_move(form, window, on=on) for form, window in placed)
    now_open = [open_forms.Open(form, window) for form, window in placed if window.is_open(on) and _is_asked(form)]
    shut = {open_forms.head_in(form) for form, window in placed if not window.is_open(on)}
    open_forms.take_back(open_forms.asked_about(shut - {form.head for form in now_open}))
    open_forms.ask(now_open, on=on, by=by)
    return changed


def _still_asked(ids: list[int]) -> QuerySet[Participant]:
    enrolments = Enrolment.objects.order_by("-starts_on").prefetch_related("pauses")
    wanted = Participant.objects.filter(pk__in=ids, status__in=STILL_ASKED).exclude(pk__in=_refusing(ids))
    return wanted.prefetch_related(Prefetch("enrolments", enrolments))


def _refusing(ids: list[int]) -> QuerySet[ConsentEvent, int]:
    return ConsentEvent.objects.filter(participant__in=ids).refusing(ConsentKind.HEALTH)


def _stop_where_refused(ids: list[int], by: Actor) -> None:
    """Whoever said no before the no stopped the questions, or while they were asked by another way."""
    still = Participant.objects.filter(pk__in=_refusing(ids), assessments__state__in=UNANSWERED)
    for participant in still.distinct().select_related("person"):
        stop_asking(participant, by)


def _dates_of(participants: Iterable[Participant]) -> dict[int, Dates]:
    """By participant; who was never enrolled is not among them."""
    enrolled = {one.pk: times[0] for one in participants if (times := list(one.enrolments.all()))}
    firsts = first_attended_on(enrolled)
    nexts = next_place_on(enrolled.keys() - firsts.keys())
    answered = once_more.answered_by(enrolled)
    return {
        pk: Dates(
            enrolled_on=enrolment.starts_on,
            first_class_on=firsts.get(pk),
            next_class_on=nexts.get(pk),
            pauses=[Pause(pause.starts_on, pause.ends_on) for pause in enrolment.pauses.all()],
            answered=answered[pk],
        )
        for pk, enrolment in enrolled.items()
    }


def _is_asked(form: Assessment) -> bool:
    return form.participant.status != ParticipantStatus.PAUSED


def _move(assessment: Assessment, window: Window, *, on: date) -> bool:
    state = AssessmentState.MISSED if window.has_closed(on) else AssessmentState.PLANNED
    before = (assessment.state, assessment.opens_on, assessment.due_on, assessment.closes_on)
    assessment.state = state
    assessment.opens_on, assessment.due_on, assessment.closes_on = window.opens_on, window.due_on, window.closes_on
    changed = before != (state, window.opens_on, window.due_on, window.closes_on)
    if changed:
        assessment.save(update_fields=["state", "opens_on", "due_on", "closes_on"])
    return changed
