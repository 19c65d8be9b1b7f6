"""Kinds of task and message whose subject is a participant or a person, known by number and by no column.

Called by merge.py. A kind that belongs here and is not here is found by `tests/structure/test_merging.py`.
"""

from __future__ import annotations

from classes.register.fewer_contacts import FEWER_CONTACTS
from classes.register.welfare import WELFARE_CALL
from classes.rehearsing import HELP_ONLINE
from classes.telling.leaders import LEADER_CHANGED
from participants.needs import NEEDS_DUE, NEEDS_REVIEW
from participants.nhs_numbers import SAME_NUMBER
from participants.notices import REFERRED_BACK, REGISTERED, RESUMED
from participants.taking_part.life import OF_A_PARTICIPANT
from participants.taking_part.stops import WRITE_TO_FAMILY

# Each with whether the subject is the person, and else the participant.
TASKS_OF = (
    ((*OF_A_PARTICIPANT, SAME_NUMBER, WELFARE_CALL, FEWER_CONTACTS, HELP_ONLINE, WRITE_TO_FAMILY), False),
    ((NEEDS_REVIEW,), True),
)
MESSAGES_OF = (
    ((REGISTERED, REFERRED_BACK, RESUMED, LEADER_CHANGED), False),
    ((NEEDS_DUE,), True),
)
