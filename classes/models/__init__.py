"""Rows about classes. One room per subject; import from here."""

from classes.models.booking import Booking, BookingSource, BookingState, IdempotencyKey, Offer, OfferKind, OfferState
from classes.models.concerns import Concern, ConcernNames, ConcernNote, ConcernReading, ConcernStep
from classes.models.cover import CoverInvitation, CoverRequest, CoverState
from classes.models.days_off import DaysOff
from classes.models.feeds import CalendarFeed
from classes.models.incidents import Incident, IncidentAddendum, IncidentReview, ReviewOutcome
from classes.models.notes import LONGEST_NOTE, About, ClassNote
from classes.models.on_the_day import DELAYS, Arrival, Rehearsal, RehearsalOutcome, RunningLate
from classes.models.places import ClassType, Effort, Fact, Position, Room, Venue
from classes.models.register import Attendance, AttendanceState, CompanionMark, Guest
from classes.models.session_notes import LEAST_EFFORT, MOST_EFFORT, SessionNote
from classes.models.symptoms import CheckMode, SymptomCheck, SymptomTalk, TalkOutcome
from classes.models.timetable import LeaderRole, Mode, Series, Session, SessionKind, SessionLeader, SessionStatus
from classes.models.whereabouts import Whereabouts

__all__ = [
    "RunningLate",
    "RehearsalOutcome",
    "Rehearsal",
    "Arrival",
    "DELAYS",
    "LONGEST_NOTE",
    "About",
    "Attendance",
    "AttendanceState",
    "Booking",
    "BookingSource",
    "BookingState",
    "CalendarFeed",
    "CheckMode",
    "CoverInvitation",
    "CoverRequest",
    "CoverState",
    "ClassNote",
    "ClassType",
    "CompanionMark",
    "Concern",
    "ConcernNames",
    "ConcernNote",
    "ConcernReading",
    "ConcernStep",
    "DaysOff",
    "Effort",
    "Fact",
    "Guest",
    "IdempotencyKey",
    "Incident",
    "IncidentAddendum",
    "IncidentReview",
    "LEAST_EFFORT",
    "LeaderRole",
    "MOST_EFFORT",
    "Mode",
    "Offer",
    "OfferKind",
    "OfferState",
    "Position",
    "ReviewOutcome",
    "Room",
    "Series",
    "Session",
    "SessionKind",
    "SessionLeader",
    "SessionNote",
    "SessionStatus",
    "SymptomCheck",
    "SymptomTalk",
    "TalkOutcome",
    "Venue",
    "Whereabouts",
]
