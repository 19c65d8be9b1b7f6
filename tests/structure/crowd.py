"""More of everything that a list may show, around the world of routes.py: for counting queries.

Every row differs from its neighbours wherever a list reads on (its own person,
venue, room, kind of class), so that a row that is read one by one costs a query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from accounts.content import kind_of, start_version, write_version
from accounts.demo import DOMAIN
from accounts.history import log_read
from accounts.models import BroughtList
from accounts.permissions import Role
from classes.models import (
    Booking,
    BookingState,
    ClassNote,
    ConcernNames,
    ConcernNote,
    CoverRequest,
    IncidentAddendum,
    IncidentReview,
    Mode,
    Session,
    SessionNote,
)
from classes.waiting_list.serving import OVERLAP
from instructors.models import Instructor
from messaging.models import Message, OnCallShift, PageFeedback, SiteNotice, Task, TaskAttempt
from messaging.worklist import MESSAGE_TASKS
from outcomes.models import (
    Assessment,
    DataUseComment,
    Goal,
    GoalRating,
    MachineRead,
    Measure,
    ReleaseCell,
    ReleaseState,
    StudyCount,
    StudyInvitation,
)
from participants.health_content import HEALTH_QUESTIONS
from participants.models import (
    AccessNeed,
    AccessNeedKind,
    ClearanceState,
    ConsentKind,
    Participant,
    Phase,
    ReferBack,
    SupporterScope,
)
from participants.registering.intake import start_registration
from participants.rules.questions import CURRENT
from tests.factories.accounts import (
    AgreementFactory,
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
    UserFactory,
)
from tests.factories.classes import (
    AttendanceFactory,
    BookingFactory,
    ClassTypeFactory,
    GuestFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
)
from tests.factories.extracts import built_for, project_of
from tests.factories.incidents import ConcernFactory, IncidentFactory
from tests.factories.instructors import InstructorFactory
from tests.factories.outcomes import (
    METHOD,
    AssessmentFactory,
    MachineClientFactory,
    QuestionnaireFactory,
    ReleaseFactory,
    StudyFactory,
    TimepointFactory,
    answers_of,
    consents,
    sent_form,
)
from tests.factories.participants import EnrolmentFactory, ParticipantFactory, SupporterFactory
from tests.factories.symptoms import SymptomCheckFactory, SymptomTalkFactory
from tests.structure.routes import World

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
STATES = [state for state in ReleaseState if state not in (ReleaseState.PUBLISHED, ReleaseState.BUILDING)]


class Crowd:
    """`size` is how many of each thing were added so far."""

    def __init__(self, world: World) -> None:
        self.world, self.size = world, 0
        self.programme, self.dee = world.pat.programme, world.users["dee"]
        self.ines = Instructor.objects.get(person=world.users["ines"].person)

    def grow(self, more: int) -> None:
        for number in range(self.size, self.size + more):
            for add in ADDED:
                add(self, number)
        self.size += more
        self.world.release = self._release_of_many_groups()

    # --- who read

    def add_readings(self, number: int) -> None:
        log_read(target=self.world.users["sam"].person, purpose="desk", what="details", by=UserFactory().person)

    # --- what went wrong

    def add_incidents(self, number: int) -> None:
        """Each in a class and about somebody of its own; to the one that is opened, more is added."""
        by = UserFactory().person
        IncidentFactory(session=SessionFactory(programme=self.programme), participant=self._participant())
        IncidentReview.objects.create(incident=self.world.incident, outcome="goes_on", learned="Dry it.", by=by)
        IncidentAddendum.objects.create(incident=self.world.incident, words="It was dry.", by=by)
        BookingFactory(session=self.world.session, participant=self._participant())

    def add_concerns(self, number: int) -> None:
        by = UserFactory().person
        ConcernFactory(participant=self._participant(), programme=self.programme)
        ConcernNote.objects.create(concern=self.world.concern, step="noted", words="Did this.", by=by)
        ConcernNames.objects.create(concern=self.world.concern, person=by)

    def add_worries(self, number: int) -> None:
        ReferBack.objects.create(participant=self.world.pat, why="Out of breath.", by=UserFactory().person)

    # --- classes

    def add_classes(self, number: int) -> None:
        """Coming, over and long over: led by Ines, with Pat's place in it; and one that is full, where Pat waits."""
        now, pat = timezone.now(), self.world.pat
        coming = self._class(now + DAY + 3 * HOUR * number, led=True)
        ines = Instructor.objects.get(person__user=self.world.users["ines"])
        CoverRequest.objects.create(session=coming, instructor=ines, reason="ill", asked_by=ines.person)
        just_over = self._class(now - 44 * HOUR + 3 * HOUR * number, led=True)
        over = self._class(now - 20 * DAY + 3 * HOUR * number)
        full = self._class(now + 10 * DAY + 3 * HOUR * number, capacity=0)
        for session in (coming, just_over, over):
            BookingFactory(session=session, participant=pat)
        AttendanceFactory(booking=BookingFactory(session=just_over, participant=self._participant()))
        AttendanceFactory(booking=Booking.objects.get(session=over, participant=pat))
        SessionNote.objects.create(session=over, participant=pat, plan="Walking", by=UserFactory().person)
        for person in (self._participant(), pat):
            BookingFactory(session=full, participant=person, state=BookingState.WAITING)

    def add_dates_of_a_series(self, number: int) -> None:
        starts_at = self.world.series_date.starts_at + (20 + number) * DAY
        BookingFactory(session=SessionFactory(
            programme=self.programme, series=self.world.series_date.series, starts_at=starts_at
        ))  # fmt: skip

    def add_series(self, number: int) -> None:
        SeriesFactory(instructor=InstructorFactory(programme=self.programme))

    def add_online_places_of_pat(self, number: int) -> None:
        leader = InstructorFactory(programme=self.programme)
        session = SessionFactory(
            programme=self.programme, mode=Mode.REMOTE, starts_at=timezone.now() + (60 + number) * DAY, leader=leader
        )
        BookingFactory(session=session, participant=self.world.pat)

    def add_checks_that_pat_has_answered(self, number: int) -> None:
        """Typed by somebody, talked about with somebody."""
        place = Booking.objects.filter(participant=self.world.pat).latest("id")
        check = SymptomCheckFactory(booking=place, result="talk_first", mode="scribe", by=PersonFactory())
        SymptomTalkFactory(check_of=check, by=PersonFactory())

    def add_times_one_to_one(self, number: int) -> None:
        """Free ones: of Ines, and of an instructor of their own; and another kind of talk."""
        kind = ClassTypeFactory(programme=self.programme, name=f"Talk type {number}", one_to_one=True)
        for leader, days in ((self.ines, 60), (InstructorFactory(programme=self.programme), 61)):
            SessionFactory(
                programme=self.programme, class_type=kind, kind="one_to_one", mode=Mode.PHONE, capacity=1,
                leader=leader, starts_at=timezone.now() + days * DAY + 3 * HOUR * number,
            )  # fmt: skip

    def _class(self, starts_at: dt.datetime, *, led: bool = False, capacity: int = 10) -> Session:
        room = RoomFactory(venue__programme=self.programme, venue__area=f"Area {self.size}")
        leader = {"leader": self.ines} if led else {"leader": InstructorFactory(programme=self.programme)}
        return SessionFactory(
            programme=self.programme, starts_at=starts_at, mode=Mode.IN_PERSON, venue=room.venue, room=room,
            capacity=capacity, **leader,
        )  # fmt: skip

    def add_lines_of_a_register(self, number: int) -> None:
        session, person = (
            self.world.session,
            self._participant(clearance__state=ClearanceState.CLEARED_WITH_ADAPTATIONS),
        )
        self._need(person, f"register {number}")
        consents(person, ConsentKind.INSTRUCTORS)
        AttendanceFactory(booking=BookingFactory(session=session, participant=person))
        asked = BookingFactory(session=session, participant=self._participant())
        consents(asked.participant, ConsentKind.INSTRUCTORS)
        SymptomCheckFactory(booking=asked, result="talk_first", answered_at=session.starts_at - HOUR)
        GuestFactory(session=session, participant=self._participant())

    def add_turns_of_a_waiting_list(self, number: int) -> None:
        reason = OVERLAP if number % 2 else ""
        BookingFactory(
            session=self.world.later, participant=self._participant(), state=BookingState.WAITING, skipped_reason=reason
        )
        for state in (BookingState.OFFERED, BookingState.EXPIRED):
            ended = None if state == BookingState.OFFERED else timezone.now()
            BookingFactory(session=self.world.later, participant=self._participant(), state=state, ended_at=ended)

    # --- people

    def add_people_who_help(self, number: int) -> None:
        """More people who help Pat; more people whom Sam helps, each with a place and a form to fill in."""
        SupporterFactory(participant=self.world.pat)
        helped = self._participant()
        helped.enrolments.update(closes_on=timezone.localdate() + 60 * DAY)
        scopes = [SupporterScope.BOOK, SupporterScope.SCRIBE]
        SupporterFactory(participant=helped, person=self.world.users["sam"].person, scopes=scopes)
        BookingFactory(session=self._class(timezone.now() + 30 * DAY), participant=helped)
        self._assessment(helped, f"h{number}")

    def add_facts_about_pat(self, number: int) -> None:
        pat = self.world.pat
        self._need(pat, f"fact {number}")
        ContactPointFactory(person=pat.person, preferred=False)
        consents(pat, list(ConsentKind)[number % len(ConsentKind)])
        long_ago = timezone.localdate() - DAY * (4000 - 20 * number)
        EnrolmentFactory(participant=pat, starts_on=long_ago, ends_on=long_ago + DAY)

    def _participant(self, **more: object) -> Participant:
        return ParticipantFactory(programme=self.programme, **more)

    def _need(self, participant: Participant, detail: str) -> None:
        AccessNeed.objects.create(
            person=participant.person, kind=AccessNeedKind.OTHER, detail=detail, share_with_instructors=True,
            recorded_by=participant.person, review_on=timezone.localdate(),
        )  # fmt: skip

    # --- the desk

    def add_work(self, number: int) -> None:
        """A task with its tries; a message; one more try and one more task of those that have a page here."""
        task = self._task("call", f"crowd-{number}")
        for tried in (task, self.world.task):
            TaskAttempt.objects.create(task=tried, by=PersonFactory(), outcome="no_answer")
        kind = MESSAGE_TASKS[number % len(MESSAGE_TASKS)]
        self._task(kind, f"crowd-message-{number}", subject_id=self.world.message.pk)
        self._task("letter", f"crowd-letter-{number}")
        Message.objects.create(
            programme=self.programme, person=PersonFactory(), kind="registered", dedupe_key=f"crowd-{number}"
        )

    def add_words_to_everybody(self, number: int) -> None:
        """More that was written to everybody of a class; one more person who is told of the first."""
        session = self.world.session
        ClassNote.objects.create(
            session=session, by=self.dee.person, about="bring", words="Bring water.", request_key=f"crowd-{number}"
        )
        booking = BookingFactory(session=session, participant=self._participant())
        Message.objects.create(
            programme=self.programme, person=booking.participant.person, kind="class_note", subject_id=booking.pk,
            context={"note": self.world.note.pk}, dedupe_key=f"crowd-note-{number}",
        )  # fmt: skip

    def _task(self, kind: str, key: str, **more: object) -> Task:
        return Task.objects.create(
            programme=self.programme, kind=kind, about=self._participant().person, owner=PersonFactory(),
            due_at=timezone.now(), dedupe_key=key, **more,
        )  # fmt: skip

    def add_shifts(self, number: int) -> None:
        """Of the on-call rota, each somebody's own."""
        user = UserFactory()
        ContactPointFactory(person=user.person)
        MembershipFactory(user=user, role=Role.COORDINATOR.value, programme=self.programme)
        starts_at = timezone.now() + DAY * (2 + number)
        OnCallShift.objects.create(
            programme=self.programme, person=user.person, line=1, starts_at=starts_at, ends_at=starts_at + DAY
        )

    def add_programmes_and_logins(self, number: int) -> None:
        """Programmes at whose desk Dee works too; instructors; people of the demonstration."""
        for role in (Role.COORDINATOR, Role.PARTICIPANT):
            user = UserFactory(email=f"{role.value}-{number}@{DOMAIN}")
            MembershipFactory(user=user, role=role.value, programme=self.programme)
        MembershipFactory(user=self.dee, role=Role.COORDINATOR.value, programme=ProgrammeFactory())
        Phase.objects.create(
            programme=self.programme,
            order=10 + number,
            name=f"Phase {number}",
            weeks=4,
            contacts_least=1,
            contacts_most=2,
        )

    def add_lists(self, number: int) -> None:
        """Brought in before; and one more person of the one that has a page here."""
        BroughtList.objects.create(programme=self.programme, kind="people", fingerprint=str(number), rows=1)
        draft = start_registration(programme=self.programme)
        draft.answers, draft.brought_by = {"given_name": "Given", "family_name": "Family"}, self.world.brought
        draft.save()

    # --- outcomes

    def add_forms(self, number: int) -> None:
        """One of Pat's that was sent, one that is due, and one more time of another instrument."""
        sent = self._assessment(self.world.pat, f"s{number}")
        sent_form(sent, answers_of(number % 10), on=timezone.localdate())
        self._assessment(self.world.pat, f"d{number}")
        other = self._assessment(self.world.pat, f"o{number}", code="hads", recipe="hads", title="HADS")
        sent_form(other, {f"q{item}": 1 for item in range(1, 15)}, on=timezone.localdate())

    def add_what_is_said_of_pages(self, number: int) -> None:
        """And what is said on them to everybody."""
        PageFeedback.objects.create(page=f"/classes/{number}/", helpful=True, words="Good.", has_words=True)
        SiteNotice.objects.create(words=f"Notice {number}.", ends_at=timezone.now() + DAY, by=UserFactory().person)

    def add_goals(self, number: int) -> None:
        """More than anybody may have, each rated once; and more ratings of the one that has a page."""
        by = UserFactory().person
        goal = Goal.objects.create(participant=self.world.pat, words=f"Walk {number} miles.", set_by=by)
        for rated in (goal, self.world.goal):
            GoalRating.objects.create(goal=rated, value=3, timepoint=self.world.assessment.timepoint, by=by)

    def add_measures(self, number: int) -> None:
        session = SessionFactory(programme=self.programme)
        Measure.objects.create(
            participant=self.world.pat, kind="sts_30", result="done", value=9, measured_on=timezone.localdate(),
            session=session, by=UserFactory().person,
        )  # fmt: skip

    def _assessment(self, participant: Participant, at: str, **of: str) -> Assessment:
        timepoint = TimepointFactory(
            programme=self.programme, code=at, label=at, day=300 + Assessment.objects.count(), opens_before=1,
            closes_after=1,
        )  # fmt: skip
        asked = {"code": f"check-{at}", "title": f"Check {at}", **of}
        questionnaire = QuestionnaireFactory(programme=self.programme, **asked)
        return AssessmentFactory(participant=participant, timepoint=timepoint, questionnaire=questionnaire)

    def add_releases(self, number: int) -> None:
        """One that Omar may read, one of each other state, and one more partner to ask for."""
        published = {"state": ReleaseState.PUBLISHED, "published_at": timezone.now(), "sha256": "0" * 64}
        ReleaseFactory(programme=self.programme, organisation=self.world.release.organisation, **published)
        for state in STATES:
            ReleaseFactory(programme=self.programme, state=state)
        AgreementFactory(programme=self.programme)
        MachineClientFactory(organisation=self.world.release.organisation)
        MachineRead.objects.create(client=self.world.system, release=self.world.release)
        DataUseComment.objects.create(programme=self.programme, words=f"Comment {number}")
        study = StudyFactory(programme=self.programme, state="open")
        StudyInvitation.objects.create(study=study, participant=self.world.pat)
        StudyCount.objects.create(
            study=self.world.study, criteria={"age": [str(number)]}, shown=10, k=8, by=self.dee.person
        )

    def add_extracts(self, number: int) -> None:
        """One that held Pat, of the project that has a page, and one more project."""
        built_for(self.world.project, self.world.pat)
        project_of(self.programme, self.world.users["dee"].person)

    # --- safety content

    def add_content(self, number: int) -> None:
        """A version of the health questions, and a start of the one that came with the software."""
        kind, by = kind_of(HEALTH_QUESTIONS), self.world.users["clare"].person
        write_version(kind=kind, based_on=CURRENT, values={("question", 0, "ask"): f"{number}?"}, why="x", by=by)
        start_version(kind=kind, version=CURRENT, by=by)

    def _release_of_many_groups(self) -> object:
        """A published release is frozen, so that the one with more groups is another one."""
        groups = [f"Area {number}" for number in range(self.size)]
        release = ReleaseFactory(
            programme=self.programme, organisation=self.world.release.organisation, state=ReleaseState.PUBLISHED,
            published_at=timezone.now(), sha256="0" * 64, groups={"area": groups}, method=METHOD,
        )  # fmt: skip
        for group in groups:
            ReleaseCell.objects.create(
                release=release, table="funnel", measure="funnel.registered", where={"area": group}, status="shown",
                value=20,
            )  # fmt: skip
        return release


ADDED: tuple[Callable[[Crowd, int], None], ...] = (
    Crowd.add_readings,
    Crowd.add_incidents,
    Crowd.add_concerns,
    Crowd.add_worries,
    Crowd.add_classes,
    Crowd.add_dates_of_a_series,
    Crowd.add_times_one_to_one,
    Crowd.add_series,
    Crowd.add_words_to_everybody,
    Crowd.add_checks_that_pat_has_answered,
    Crowd.add_online_places_of_pat,
    Crowd.add_lines_of_a_register,
    Crowd.add_turns_of_a_waiting_list,
    Crowd.add_people_who_help,
    Crowd.add_facts_about_pat,
    Crowd.add_work,
    Crowd.add_shifts,
    Crowd.add_programmes_and_logins,
    Crowd.add_lists,
    Crowd.add_forms,
    Crowd.add_what_is_said_of_pages,
    Crowd.add_goals,
    Crowd.add_measures,
    Crowd.add_releases,
    Crowd.add_extracts,
    Crowd.add_content,
)
