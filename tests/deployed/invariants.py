"""What must never be false of places, however the programs that write them ended: asked of the database itself.

Each sentence is a fault and a query that counts it. Read by the tests that kill, race and storm; a
campaign asks after each kill. Not here: what was promised to whom (load.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Ask = Callable[[str], list[tuple[Any, ...]]]

PLACES = {
    "a counter that differs": """
        SELECT count(*) FROM classes_session s WHERE (places_taken, companions) <>
          (SELECT coalesce(sum(CASE WHEN s.companions_beside THEN 1 ELSE party END), 0),
                  coalesce(sum(party - 1) FILTER (WHERE s.companions_beside), 0)
             FROM classes_booking WHERE session_id = s.id AND state IN ('booked', 'offered'))""",
    "more places held than there are": """
        SELECT count(*) FROM classes_session WHERE places_taken + reserved > capacity""",
    "somebody with two places or turns in one class": """
        SELECT count(*) FROM (SELECT FROM classes_booking WHERE state IN ('booked', 'offered', 'waiting')
          GROUP BY session_id, participant_id HAVING count(*) > 1) AS twice""",
    "somebody in two classes at once": """
        SELECT count(*) FROM classes_booking one JOIN classes_booking other
            ON other.participant_id = one.participant_id AND other.id > one.id AND other.during && one.during
         WHERE one.state IN ('booked', 'offered') AND other.state IN ('booked', 'offered')""",
    "a place that is offered without an offer, or an offer of no place": """
        SELECT count(*) FROM classes_booking b WHERE (state = 'offered')::int <>
          (SELECT count(*) FROM classes_offer WHERE booking_id = b.id AND state = 'open')""",
    "a booking without its history": """
        SELECT count(*) FROM classes_booking b WHERE NOT EXISTS
          (SELECT FROM classes_bookingevent e
            WHERE e.pgh_obj_id = b.id AND e.state = b.state AND e.pgh_context ->> 'by' > '')""",
}
MESSAGES = {
    "a key with two messages": """
        SELECT count(*) FROM (SELECT FROM messaging_message GROUP BY dedupe_key HAVING count(*) > 1) AS twice""",
    "a message about no booking": """
        SELECT count(*) FROM messaging_message WHERE kind IN ('booking_confirmed', 'waiting_joined', 'place_offered')
           AND NOT EXISTS (SELECT FROM classes_booking WHERE id = subject_id)""",
    "a stop that nobody is asked to call about": """
        SELECT count(*) FROM classes_symptomcheck c
          JOIN classes_booking b ON b.id = c.booking_id JOIN participants_participant p ON p.id = b.participant_id
         WHERE c.result IN ('emergency', 'cancer_line') AND NOT EXISTS
          (SELECT FROM messaging_task WHERE kind = 'not_well_call' AND about_id = p.person_id)""",
}
KEYS = {
    "a key without its booking": """
        SELECT count(*) FROM classes_idempotencykey k WHERE k.status = 201 AND k.outcome ? 'id'
           AND NOT EXISTS (SELECT FROM classes_booking WHERE id = (k.outcome ->> 'id')::bigint)""",
    "half a block": """
        SELECT count(*) FROM classes_idempotencykey k, jsonb_array_elements(k.outcome -> 'dates') AS d(one)
         WHERE k.outcome ? 'dates' AND d.one ->> 'booking' IS NOT NULL
           AND NOT EXISTS (SELECT FROM classes_booking WHERE id = (d.one ->> 'booking')::bigint)""",
    "a booking whose key has no outcome": """
        SELECT count(*) FROM classes_booking b WHERE request_key <> ''
           AND NOT EXISTS (SELECT FROM classes_idempotencykey WHERE by_id = b.made_by_id AND key = b.request_key)""",
}
NEVER = {**PLACES, **MESSAGES, **KEYS}


def broken(ask: Ask, rules: dict[str, str] = NEVER) -> dict[str, int]:
    """Every fault that there is, and how often; empty when all is well."""
    return {what: found for what, sql in rules.items() if (found := ask(sql)[0][0])}
