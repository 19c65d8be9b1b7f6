"""Where a participant stands: the facts that booking judges, read at once and frozen.

Here: the read, and the one way to say that a fact has changed. Not here: the
judgement (classes/judging/eligibility.py). Called by booking, rosters and nightly checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from accounts.prepared import ask
from participants.models import Clearance, ClearanceState, Participant, ParticipantStatus


@dataclass(frozen=True)
class Standing:
    """Facts of one participant. `version` is what the database compares when a place is taken.

    `clearance` is None when nobody has decided yet. Dates are inclusive local dates. `limited` says that some
    phase of their programme limits the places of a week, `first_contact_first` that the programme wants a first contact
    before any class: where neither is so, nobody has to look.
    """

    participant_id: int
    version: int
    status: ParticipantStatus
    enrolled_from: date | None
    enrolled_until: date | None
    clearance: ClearanceState | None
    cleared_from: date | None
    cleared_until: date | None
    adaptations: frozenset[str]
    limited: bool = False
    first_contact_first: bool = False

    def is_cleared(self, on: date) -> bool:
        """Whether clearance stands on `on`, the date of the class."""
        return (
            self.clearance in {ClearanceState.CLEARED, ClearanceState.CLEARED_WITH_ADAPTATIONS}
            and self.cleared_from is not None
            and self.cleared_from <= on
            and (self.cleared_until is None or on <= self.cleared_until)
        )


def standing_of(participant: Participant) -> Standing:
    """The standing of one participant, read now. Raises KeyError when the row is gone."""
    rows = ask(_READ_ONE, [participant.pk])
    if not rows:
        raise KeyError(participant.pk)
    return standing_read(*rows[0])


def standings_of(participants: Iterable[Participant]) -> dict[int, Standing]:
    """The standing of each participant by id, in one query however many there are, and none for nobody."""
    ids = [participant.pk for participant in participants]
    if not ids:
        return {}
    return {row[0]: standing_read(*row) for row in ask(_READ_MANY, [ids])}


# Before every place that is taken, so by hand: it is what Clearance.objects.in_force() and the newest enrolment say.
# The key of a participant belongs at the end.
READ = """
SELECT p.id, p.facts_version, p.status, e.starts_on, COALESCE(e.ends_on, e.closes_on),
       c.state, c.valid_from, c.valid_until, c.adaptations,
       EXISTS (SELECT FROM participants_phase WHERE programme_id = p.programme_id AND most_a_week IS NOT NULL),
       (SELECT first_contact_first FROM accounts_programme WHERE id = p.programme_id)
  FROM participants_participant p
  LEFT JOIN LATERAL (SELECT starts_on, ends_on, closes_on FROM participants_enrolment
                      WHERE participant_id = p.id ORDER BY starts_on DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT state, valid_from, valid_until, adaptations FROM participants_clearance
                      WHERE participant_id = p.id ORDER BY id DESC LIMIT 1) c ON true
 WHERE p.id ="""
# Two statements: for how many a list may name, the database would make its plan anew each time.
_READ_ONE, _READ_MANY = f"{READ} %s::bigint", f"{READ} ANY(%s::bigint[])"


def standing_read(
    pk: int,
    version: int,
    status: str,
    enrolled_from: date | None,
    enrolled_until: date | None,
    clearance: str | None,
    cleared_from: date | None,
    cleared_until: date | None,
    adaptations: list[str] | None,
    limited: bool,
    first_contact_first: bool,
) -> Standing:
    """What a row of READ comes to."""
    return Standing(
        participant_id=pk,
        version=version,
        status=ParticipantStatus(status),
        enrolled_from=enrolled_from,
        enrolled_until=enrolled_until,
        clearance=ClearanceState(clearance) if clearance else None,
        cleared_from=cleared_from,
        cleared_until=cleared_until,
        adaptations=frozenset(adaptations or ()),
        limited=limited,
        first_contact_first=first_contact_first,
    )


def standing_from(
    row: Participant, *, clearance: Clearance | None, enrolled_from: date | None, enrolled_until: date | None
) -> Standing:
    """The standing that rows read elsewhere come to: the clearance in force, and the newest enrolment."""
    return Standing(
        participant_id=row.pk,
        version=row.facts_version,
        status=ParticipantStatus(row.status),
        enrolled_from=enrolled_from,
        enrolled_until=enrolled_until,
        clearance=ClearanceState(clearance.state) if clearance else None,
        cleared_from=clearance.valid_from if clearance else None,
        cleared_until=clearance.valid_until if clearance else None,
        adaptations=frozenset(clearance.adaptations) if clearance else frozenset(),
    )


def facts_changed(participant: Participant) -> None:
    """Say that a judged fact has changed: whoever judged the old one must judge again.

    Locks the participant's row until the caller's transaction ends, so that a
    place is taken either before the change or after it, never across it.
    """
    Participant.objects.filter(pk=participant.pk).update(facts_version=F("facts_version") + 1)
    participant.refresh_from_db(fields=["facts_version"])
