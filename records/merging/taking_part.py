"""What clashes between two parts in one programme: status, enrolment, clearance, consents, helpers, facts of their own.

Here: finding and settling that, by the rules of weighing.py. Not here: places (places.py), questionnaires
(answers.py). Called by look.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils import timezone

from accounts.models import Person
from participants.consents import consents_in_force
from participants.health import clearance_of
from participants.health_content import rules
from participants.models import (
    Clearance,
    ConsentEvent,
    ConsentKind,
    Enrolment,
    Participant,
    ParticipantStatus,
    Supporter,
    SupporterStatus,
    TreatmentDays,
)
from participants.working_days import due_in_working_days
from records.merging.clash import Clash, Settling, Two
from records.merging.weighing import Decided, more_careful, narrower

SAME_PERSON = "same_person"  # why, where a row asks
MODE = "desk"
ALONE = ("area", "postcode", "emergency_phone")
WITH_IT = ("emergency_name", "emergency_relationship", "emergency_confirmed_at", "emergency_confirmed_by")


def find(two: Two) -> Iterator[Clash]:
    yield from _facts(two)
    yield from _status(two)
    yield from _enrolments(two)
    yield from _clearance(two)
    yield from _consents(two)
    yield from _helpers(two)


def _facts(two: Two) -> Iterator[Clash]:
    """What the record that stays does not say, the other one does; an emergency contact comes over whole."""
    keep, gone = two.both
    for row, other, names in ((keep.person, gone.person, ("known_as", "date_of_birth")), (keep, gone, ALONE)):
        missing = [name for name in names if getattr(other, name) and not getattr(row, name)]
        if missing:
            comes = [*missing, *(WITH_IT if "emergency_phone" in missing else ())]
            values = {name: getattr(other, name) for name in comes}
            yield Clash("filled", {"fields": missing}, partial(_fill, row, values))


def _fill(row: Participant | Person, values: dict[str, Any], settling: Settling) -> None:
    settling.journal.change(row, **values)


def _status(two: Two) -> Iterator[Clash]:
    """Who takes part on either record takes part. A break on one alone is refused before (refusals.py)."""
    active = ParticipantStatus.ACTIVE
    if two.gone.status == active != two.keep.status:
        yield Clash("status", {}, partial(_take_part, two.keep))


def _take_part(keep: Participant, settling: Settling) -> None:
    settling.journal.change(keep, status=ParticipantStatus.ACTIVE)


def _enrolments(two: Two) -> Iterator[Clash]:
    """The one that goes on and began first counts: nobody has more of the programme for having registered twice."""
    rows = list(Enrolment.objects.filter(participant__in=two.both).order_by("starts_on", "pk"))
    going_on = sorted((row for row in rows if row.ends_on is None), key=lambda row: _begun(row, two))
    aside = [row for row in rows if going_on and row != going_on[0] and row.starts_on >= going_on[0].starts_on]
    if aside:
        facts = {"starts_on": going_on[0].starts_on.isoformat()}
        yield Clash("enrolment", facts, partial(_set_enrolments_aside, [row.pk for row in aside]))


def _begun(row: Enrolment, two: Two) -> tuple[Any, bool]:
    return row.starts_on, row.participant_id != two.keep.pk


def _set_enrolments_aside(keys: list[int], settling: Settling) -> None:
    settling.journal.set_aside(Enrolment.objects.filter(pk__in=keys))


def _clearance(two: Two) -> Iterator[Clash]:
    """Until somebody decides, the more careful of both counts; where both say the same, nothing is written."""
    own = [clearance for one in two.both if (clearance := clearance_of(one)) is not None]
    if len(own) < 2:
        return
    one, other = (_decided(clearance) for clearance in own)
    if one == other:
        return
    now = timezone.now()
    counts = more_careful(
        one, other, today=timezone.localdate(now), review_by=due_in_working_days(now, rules().review_days)
    )
    facts = {
        "state": counts.state,
        "adaptations": sorted(counts.adaptations),
        "until": counts.valid_until.isoformat() if counts.valid_until else "",
    }
    yield Clash("clearance", facts, partial(_clear_so, two.keep, own, counts))


def _decided(clearance: Clearance) -> Decided:
    return Decided(
        state=clearance.state,
        adaptations=frozenset(clearance.adaptations),
        valid_from=clearance.valid_from,
        valid_until=clearance.valid_until,
        flags=frozenset(clearance.flags),
        review_due_at=clearance.review_due_at,
    )


def _clear_so(keep: Participant, own: list[Clearance], counts: Decided, settling: Settling) -> None:
    newest = max(own, key=lambda row: row.pk)
    settling.journal.add(
        Clearance(
            participant=keep,
            profile=newest.profile,
            state=counts.state,
            adaptations=sorted(counts.adaptations),
            note="\n".join(dict.fromkeys(row.note for row in own if row.note)),
            flags=sorted(counts.flags),
            reason=SAME_PERSON,
            valid_from=counts.valid_from,
            valid_until=counts.valid_until,
            review_due_at=counts.review_due_at,
            decided_by=settling.by,
        )
    )


def _consents(two: Two) -> Iterator[Clash]:
    """Where one answer is no, it is no: the last row counts, so that a yes written later is followed by a no."""
    own, others = (consents_in_force(one) for one in two.both)
    differing = narrower({k: e.given for k, e in own.items()}, {k: e.given for k, e in others.items()})
    if differing:
        refusals = [event for answers in (own, others) for kind, event in answers.items() if kind in differing]
        facts = {"kinds": sorted(differing)}
        yield Clash("consent", facts, partial(_refuse, two, [event for event in refusals if not event.given]))


def _refuse(two: Two, refusals: list[ConsentEvent], settling: Settling) -> None:
    """Without consent to hold health facts no days of treatment are kept in use, as when it is taken back."""
    for event in refusals:
        again = ConsentEvent(participant=two.keep, text=event.text, given=False, by=settling.by, mode=MODE)
        settling.journal.add(again)
        if event.text.kind == ConsentKind.HEALTH:
            settling.journal.set_aside(TreatmentDays.objects.filter(participant__in=two.both))


def _helpers(two: Two) -> Iterator[Clash]:
    """Who helps on both may do what both allowed, and nothing that only one did; so may they for whom they help."""
    live = Supporter.objects.exclude(status=SupporterStatus.ENDED).exclude(person=None)
    live = live.select_related("person", "participant__person")
    own = {row.person_id: row for row in live.filter(participant=two.keep)}
    for row in live.filter(participant=two.gone, person__in=own):
        yield _narrowed("helper", own[row.person_id], row, _name(row.person))
    helped = {row.participant_id: row for row in live.filter(person=two.keep.person)}
    for row in live.filter(person=two.gone.person, participant__in=helped):
        yield _narrowed("helps", helped[row.participant_id], row, _name(row.participant.person))


def _narrowed(what: str, stays: Supporter, ends: Supporter, name: str) -> Clash:
    scopes = [scope for scope in stays.scopes if scope in ends.scopes]
    return Clash(what, {"name": name, "scopes": scopes}, partial(_help_so, stays, ends, scopes))


def _name(person: Person | None) -> str:
    return person.full_name if person else ""


def _help_so(stays: Supporter, ends: Supporter, scopes: list[str], settling: Settling) -> None:
    settling.journal.change(stays, scopes=scopes)
    settling.journal.change(ends, status=SupporterStatus.ENDED, ends_at=settling.now)
