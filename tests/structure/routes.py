"""The table of addresses: arguments that name Pat's things, and who in the cast may open each.

Everything that belongs to somebody belongs to Pat here: Quinn, who is a
participant too, must not reach it, nor may the partner of another organisation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.test import Client
from django.utils import timezone

from accounts.models import Agreement, BroughtList, Channel, Membership, Person, Programme, User
from classes.models import (
    Booking,
    BookingState,
    ClassNote,
    ClassType,
    Concern,
    CoverRequest,
    DaysOff,
    Guest,
    Incident,
    Room,
    Session,
    Venue,
)
from instructors.away import say_away
from instructors.models import Credential, Evidence, Instructor, Unavailability
from messaging.models import Message, MessageState, OnCallShift, PageFeedback, SiteNotice, Task
from outcomes.asking.planning import plan_assessments
from outcomes.models import (
    Assessment,
    DataUseComment,
    Extract,
    ExtractBundle,
    Goal,
    MachineClient,
    Questionnaire,
    Release,
    ReleaseState,
    ResearchProject,
    Study,
    StudyInvitation,
    WorryingAnswers,
)
from participants.content import install
from participants.models import (
    ClinicalContact,
    ClinicalLetter,
    ConsentKind,
    Participant,
    Phase,
    ReferBack,
    Referrer,
    Source,
    Supporter,
    TreatmentDays,
)
from participants.needs import record_needs
from participants.registering import intake
from participants.registering.referrals import refer
from participants.rules.application import Need
from records.models import Merge
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import (
    BookingFactory,
    DaysOffFactory,
    GuestFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
)
from tests.factories.extracts import built_for, project_of
from tests.factories.incidents import ConcernFactory, IncidentFactory
from tests.factories.instructors import CredentialFactory
from tests.factories.outcomes import (
    METHOD,
    AssessmentFactory,
    MachineClientFactory,
    QuestionnaireFactory,
    QuestionnaireFileFactory,
    ReleaseFactory,
    StudyFactory,
    consents,
    sent_form,
)
from tests.factories.participants import ClinicalContactFactory, ClinicalLetterFactory, TreatmentDaysFactory
from tests.factories.referrals import referral

SignIn = Callable[[User], Client]  # the fixture sign_in: a user's browser
CAST = ("anonymous", "pat", "quinn", "sam", "ines", "ivor", "dee", "clare", "sadie", "omar", "petra", "ada", "nell")


@dataclass
class World:
    users: dict[str, User]
    pat: Participant
    session: Session
    booking: Booking
    waiting: Booking
    series_date: Session
    supporter: Supporter
    assessment: Assessment
    release: Release
    task: Task
    letter: Task
    message: Message
    note: ClassNote
    changes: Message
    shift: OnCallShift
    treatment: TreatmentDays
    of_the_team: ClinicalContact
    letter_sent: ClinicalLetter
    letter_to_write: Task
    draft: str
    brought: BroughtList
    days_off: DaysOff
    paper: Credential
    cover: CoverRequest
    away: Unavailability
    incident: Incident
    guest: Guest
    concern: Concern
    referred: ReferBack
    worry: WorryingAnswers
    from_a_file: Questionnaire
    goal: Goal
    comment: DataUseComment
    invitation: StudyInvitation
    system: MachineClient
    referral: Referrer
    feedback: PageFeedback
    notice: SiteNotice
    merge: Merge

    @property
    def study(self) -> Study:
        return self.invitation.study

    @property
    def agreement(self) -> Agreement:
        return Agreement.objects.get(programme=self.programme, organisation=self.release.organisation)

    extract: Extract

    @property
    def project(self) -> ResearchProject:
        return self.extract.project

    @property
    def programme(self) -> Programme:
        return self.pat.programme

    @property
    def later(self) -> Session:
        return self.waiting.session

    @property
    def kind_of_class(self) -> ClassType:
        return self.session.class_type

    @property
    def hall(self) -> Venue:
        assert self.session.venue is not None
        return self.session.venue

    @property
    def hall_room(self) -> Room:
        return self.hall.rooms.get()

    @property
    def left_out(self) -> dt.date:
        assert self.series_date.series is not None
        return self.series_date.series.excluded_dates[0]

    @property
    def instructor(self) -> Instructor:
        """Ines, who has sent something that waits to be checked."""
        return self.paper.instructor

    @property
    def role_held(self) -> Membership:
        """Dee's, at the desk."""
        found: Membership = self.users["dee"].memberships.earliest("pk")
        return found

    @property
    def phase(self) -> Phase:
        found: Phase = self.pat.programme.phases.first()
        return found

    @property
    def pats_person(self) -> Person:
        return self.pat.person

    @property
    def questionnaire(self) -> Questionnaire:
        return self.assessment.questionnaire


@dataclass(frozen=True)
class Route:
    """`may`: who opens it. `pk`: the attribute of World whose key stands in the address as `pk`."""

    may: frozenset[str]
    pk: str = ""

    def arguments(self, world: World, names: Iterable[str]) -> dict[str, object]:
        return {name: getattr(world, self.pk).pk if name == "pk" else THINGS[name](world) for name in names}


def make_world(users: dict[str, User], *, pat: Participant, ines: Instructor) -> World:
    install(pat.programme, pat.person)
    pat.postcode = "BH15 1AA"
    pat.save()
    session = SessionFactory(programme=pat.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=20))
    RoomFactory(venue=session.venue)
    later = SessionFactory(programme=pat.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(days=9))
    draft = intake.start_registration(programme=pat.programme, source=Source.DESK, by=users["dee"].person)
    of_the_team = ClinicalContactFactory(participant=pat)
    consents(pat, ConsentKind.CLINICAL_TEAM)
    consents(pat, ConsentKind.RESEARCH)
    ContactPointFactory(person=pat.person, channel=Channel.POST, value="1 Made Up Street", preferred=False)
    record_needs(person=pat.person, needs=[Need("hearing_loop")], shared=(), by=pat.person)
    return World(
        users=users,
        pat=pat,
        session=session,
        booking=BookingFactory(session=session, participant=pat),
        waiting=BookingFactory(session=later, participant=pat, state=BookingState.WAITING),
        series_date=SessionFactory(
            programme=pat.programme,
            leader=ines,
            series=SeriesFactory(
                instructor=ines, excluded_dates=[timezone.localdate() + dt.timedelta(days=1, weeks=2)]
            ),
            starts_at=timezone.now() + dt.timedelta(days=10),
        ),
        supporter=pat.supporters.get(),
        assessment=plan_assessments(participant=pat, by=pat.person)[0],
        release=ReleaseFactory(
            programme=pat.programme,
            organisation_id=users["omar"].live_memberships[0].organisation_id,
            state=ReleaseState.PUBLISHED,
            published_at=timezone.now(),
            sha256="0" * 64,
            groups={"area": ["Dorset"]},
            method=METHOD,
        ),
        task=Task.objects.create(
            programme=pat.programme, kind="call", about=pat.person, due_at=timezone.now(), dedupe_key="structure"
        ),
        letter=Task.objects.create(
            programme=pat.programme,
            kind="letter",
            about=pat.person,
            subject_id=Message.objects.create(
                programme=pat.programme,
                person=pat.person,
                kind="registered",
                subject_id=pat.pk,
                state=MessageState.WITH_DESK,
                dedupe_key="structure-letter",
            ).pk,
            due_at=timezone.now(),
            dedupe_key="structure-letter",
        ),
        note=ClassNote.objects.create(
            session=session, by=users["dee"].person, about="bring", words="Bring water.", request_key="structure"
        ),
        message=Message.objects.create(
            programme=pat.programme, person=pat.person, kind="booking_confirmed", dedupe_key="structure"
        ),
        changes=Message.objects.create(
            programme=pat.programme,
            person=pat.person,
            kind="class_changed",
            subject_id=pat.pk,
            context={"changes": []},
            dedupe_key="structure-changes",
        ),
        shift=OnCallShift.objects.create(
            programme=pat.programme,
            person=users["dee"].person,
            line=1,
            starts_at=timezone.now(),
            ends_at=timezone.now() + dt.timedelta(days=1),
        ),
        treatment=TreatmentDaysFactory(participant=pat),
        of_the_team=of_the_team,
        letter_sent=ClinicalLetterFactory(participant=pat, contact=of_the_team),
        letter_to_write=Task.objects.create(
            programme=pat.programme,
            kind="clinical_letter",
            about=pat.person,
            subject_id=pat.pk,
            context={"letter": "start", "contact": of_the_team.pk},
            due_at=timezone.now(),
            dedupe_key="structure-clinical-letter",
        ),
        draft=draft.reference,
        from_a_file=QuestionnaireFileFactory(
            questionnaire__programme=pat.programme, questionnaire__title="From a file"
        ).questionnaire,
        brought=BroughtList.objects.create(
            programme=pat.programme, kind="people", fingerprint="structure", rows=1, by=users["dee"].person
        ),
        days_off=DaysOffFactory(programme=pat.programme),
        paper=_paper(ines),
        cover=CoverRequest.objects.create(session=later, instructor=ines, reason="ill", asked_by=ines.person),
        away=say_away(
            instructor=ines,
            first=timezone.localdate() + dt.timedelta(days=40),
            last=timezone.localdate() + dt.timedelta(days=41),
            by=ines.person,
        ),
        incident=IncidentFactory(session=session, participant=pat, reported_by=ines.person),
        guest=GuestFactory(session=session, participant=None, name="Wanda Unknown", phone="01632 960222"),
        concern=ConcernFactory(participant=pat, reported_by=ines.person),
        referred=ReferBack.objects.create(participant=pat, why="Out of breath.", by=ines.person),
        worry=_worry(pat),
        goal=Goal.objects.create(participant=pat, words="Walk to the shop.", set_by=pat.person),
        invitation=StudyInvitation.objects.create(study=StudyFactory(programme=pat.programme), participant=pat),
        comment=DataUseComment.objects.create(programme=pat.programme, words="Keep it safe."),
        extract=_sealed(built_for(project_of(pat.programme, users["dee"].person), pat)),
        feedback=PageFeedback.objects.create(page="/how-it-works/", helpful=False, words="Too long.", has_words=True),
        notice=SiteNotice.objects.create(
            words="The telephones are down.", ends_at=timezone.now() + dt.timedelta(days=1), by=users["dee"].person
        ),
        system=MachineClientFactory(organisation=users["omar"].memberships.get().organisation),
        referral=refer(programme=pat.programme, said=referral(safety_note="Had a fall.")),
        merge=Merge.objects.create(
            kept=pat, gone_key=0, gone_person_key=0, name="Pat Former", reference="SF-FORMER", by=users["dee"].person
        ),
    )


def _sealed(extract: Extract) -> Extract:
    ExtractBundle.objects.create(extract=extract, content=b"sealed")
    return extract


def _worry(pat: Participant) -> WorryingAnswers:
    """Of a questionnaire that is asked of nobody else."""
    asked = QuestionnaireFactory(programme=pat.programme, code="worries", title="Worries", active=False)
    sent = sent_form(AssessmentFactory(participant=pat, questionnaire=asked), {"worry": 9}, on=timezone.localdate())
    return WorryingAnswers.objects.create(response=sent)


def _paper(ines: Instructor) -> Credential:
    paper: Credential = CredentialFactory(instructor=ines, kind="first_aid", verified_by=None, verified_at=None)
    Evidence.objects.create(
        credential=paper, content=b"%PDF-1.7 %%EOF", media_type="application/pdf", size=14, sent_by=ines.person
    )
    return paper


# What stands in an address, by the name of its argument; a route names another thing where it means another.
THINGS: dict[str, Callable[[World], object]] = {
    "asked": lambda world: "sex",
    "item": lambda world: "energy",
    "keep": lambda world: world.pat.pk,
    "kind": lambda world: "research",
    "list_kind": lambda world: "people",
    "line": lambda world: f"b{world.booking.pk}",
    "name": lambda world: "name",
    "participant_pk": lambda world: world.pat.pk,
    "row": lambda world: world.treatment.pk,
    "pair": lambda world: f"{world.pat.pk}-{world.users['quinn'].person.participations.get().pk}",
    "reference": lambda world: world.draft,
    "sent_as": lambda world: world.concern.reference,
    "step": lambda world: "what",
    "supporter_pk": lambda world: world.supporter.pk,
    "on": lambda world: world.left_out.isoformat(),
    "table": lambda world: "area",
    "token": lambda world: "nonsense",
    "scope": lambda world: "this-and-later",
    "uidb36": lambda world: "1",
    "pressed": lambda world: "nonsense",
    "key": lambda world: "nonsense",
    "booking_pk": lambda world: world.waiting.pk,
    "contact_pk": lambda world: world.of_the_team.pk,
    "letter_pk": lambda world: world.letter_sent.pk,
    "task_pk": lambda world: world.letter_to_write.pk,
    "content": lambda world: "health_questions",
    "credential": lambda world: "first_aid",
    "version": lambda world: "2026-1",
}


def _route(may: Iterable[str], pk: str = "") -> Route:
    return Route(frozenset(may), pk)


EVERYBODY = frozenset(CAST)
SIGNED_IN = EVERYBODY - {"anonymous"}
TAKES_PART = frozenset({"pat", "quinn"})
ME = TAKES_PART | {"sam"}  # the pages about oneself, and about whom one supports
DESK = frozenset({"dee", "clare", "sadie"})
SADIE = frozenset({"sadie"})
TEACHES = frozenset({"ines", "ivor"})
PARTNERS = frozenset({"omar", "petra"})
SECOND_FACTOR = TEACHES | DESK | PARTNERS | {"ada"}
PATS = frozenset({"pat"})
INES = frozenset({"ines"})
DEE = frozenset({"dee"})
HANDLES_EXTRACTS = frozenset({"dee", "clare", "ada"})
OMAR = frozenset({"omar"})
ADMINISTRATOR = frozenset({"ada"})
CONTENT = ADMINISTRATOR | {"clare"}
NOBODY: frozenset[str] = frozenset()  # Pat's link is a nonsense one here: nothing is behind it

ROUTES: dict[str, Route] = {
    # for everybody
    "healthz": _route(EVERYBODY),
    "home": _route(EVERYBODY),
    "public:classes": _route(EVERYBODY),
    "public:class": _route(EVERYBODY, "session"),
    "public:about": _route(EVERYBODY),
    "public:who_can_join": _route(EVERYBODY),
    "public:accessibility": _route(EVERYBODY),
    "public:privacy": _route(EVERYBODY),
    "public:data_uses": _route(EVERYBODY),
    "public:have_your_say": _route(EVERYBODY),
    "public:page_feedback": _route(EVERYBODY),
    "public:join": _route(EVERYBODY),
    "public:join_check": _route(EVERYBODY),
    "public:join_done": _route(EVERYBODY),
    "public:join_later": _route(EVERYBODY),
    "public:join_not_eligible": _route(EVERYBODY),
    "public:join_return": _route(NOBODY),
    "public:join_page": _route(EVERYBODY),
    "public:join_come_back": _route(EVERYBODY),
    "public:leaflet": _route(EVERYBODY),
    "public:poster": _route(EVERYBODY),
    "public:refer": _route(EVERYBODY),
    "public:referred": _route(EVERYBODY),
    "public:help_invitation": _route(NOBODY),
    "public:reply": _route(NOBODY),
    "public:received_text": _route(EVERYBODY),
    "public:text_receipt": _route(EVERYBODY),
    "public:calendar": _route(NOBODY),
    "public:api_docs": _route(EVERYBODY),
    "schema": _route(EVERYBODY),
    "client_token": _route(EVERYBODY),
    "start": _route(EVERYBODY),
    "demo_people": _route(EVERYBODY),
    "demo_sign_in": _route(EVERYBODY),
    "demo_people_json": _route(EVERYBODY),
    "demo_releases_json": _route(EVERYBODY),
    # signing in and out
    "account_login": _route(EVERYBODY),
    "account_request_login_code": _route(EVERYBODY),
    "account_confirm_login_code": _route(SIGNED_IN),
    "public:first_sign_in": _route(SIGNED_IN),
    "account_password_login": _route(EVERYBODY),
    "mfa_authenticate": _route(SIGNED_IN),
    "account_start_again": _route(EVERYBODY),
    "account_logout": _route(EVERYBODY),
    "account_inactive": _route(EVERYBODY),
    "account_reset_password": _route(EVERYBODY),
    "account_reset_password_done": _route(EVERYBODY),
    "account_reset_password_from_key_done": _route(EVERYBODY),
    "account_reset_password_from_key": _route(EVERYBODY),
    "second_factor_missing": _route(SIGNED_IN),
    "mfa_index": _route(SIGNED_IN),
    "lost_device": _route(SIGNED_IN),
    "mfa_activate_totp": _route(SECOND_FACTOR),
    "mfa_generate_recovery_codes": _route(SECOND_FACTOR),
    # The cast signs in without a password and an app of their own, so that these have nothing to show.
    "stay_signed_in": _route(EVERYBODY),
    "unsent": _route(SIGNED_IN),
    "mfa_login_webauthn": _route(EVERYBODY),
    "ask_for_passkey": _route(EVERYBODY),
    "mfa_add_webauthn": _route(SIGNED_IN),
    "mfa_remove_webauthn": _route(SIGNED_IN, "pat"),
    "account_mobile": _route(NOBODY),
    "account_mobile_code": _route(NOBODY),
    "account_remove_mobile": _route(EVERYBODY),
    "account_change_password": _route(NOBODY),
    "account_reauthenticate": _route(NOBODY),
    "mfa_deactivate_totp": _route(NOBODY),
    "mfa_view_recovery_codes": _route(NOBODY),
    "mfa_download_recovery_codes": _route(NOBODY),
    # me
    "me:home": _route(ME),
    "me:bookings": _route(ME | DESK),
    "me:classes": _route(ME | DESK),
    "me:one_to_ones": _route(TAKES_PART),
    "me:one_to_ones_with": _route(TAKES_PART, "instructor"),
    "me:booking": _route(PATS, "booking"),
    "me:booked": _route(PATS, "booking"),
    "me:cancel_booking": _route(PATS, "booking"),
    "me:cancel_later": _route(PATS, "booking"),
    "me:move_booking": _route(PATS, "booking"),
    "me:who_comes": _route(PATS, "booking"),
    "me:hold_place": _route(TAKES_PART, "session"),
    "me:held": _route(PATS, "booking"),
    "me:offer": _route(PATS, "booking"),
    "me:accept_offer": _route(PATS, "booking"),
    "me:decline_offer": _route(PATS, "booking"),
    "me:booking_calendar": _route(PATS, "booking"),
    "me:join_class": _route(PATS, "booking"),
    "me:nobody_there": _route(PATS, "booking"),
    "me:rehearsal": _route(TAKES_PART),
    "me:changed_classes": _route(PATS, "changes"),
    "me:safety_check": _route(PATS, "booking"),
    "me:safety_check_result": _route(PATS, "booking"),
    "me:book_place": _route(TAKES_PART, "session"),
    "me:book_dates": _route(TAKES_PART, "series_date"),
    "me:booked_dates": _route(NOBODY, "series_date"),
    "me:research": _route(TAKES_PART),
    "me:record": _route(SIGNED_IN),
    "me:ask_for_copy": _route(SIGNED_IN),
    "me:take_copy": _route(SIGNED_IN),
    "me:readers": _route(SIGNED_IN),
    "me:erase": _route(ME),
    "me:erase_code": _route(ME),
    "me:details": _route(ME),
    "me:nhs_number": _route(TAKES_PART),
    "me:name": _route(TAKES_PART),
    "me:contact": _route(ME),
    "me:home_area": _route(TAKES_PART),
    "me:needs": _route(ME),
    "me:share_needs": _route(ME),
    "me:confirm_needs": _route(ME),
    "me:reminders": _route(TAKES_PART),
    "me:calendar": _route(TAKES_PART),
    "me:open_calendar": _route(TAKES_PART),
    "me:close_calendar": _route(TAKES_PART),
    "me:emergency_contact": _route(TAKES_PART),
    "me:confirm_emergency_contact": _route(TAKES_PART),
    "me:consent": _route(TAKES_PART),
    "me:answer_consent": _route(TAKES_PART),
    "me:leave": _route(TAKES_PART),
    "me:health": _route(TAKES_PART),
    "me:update_health": _route(TAKES_PART),
    "me:health_answered": _route(TAKES_PART),
    "me:treatment_days": _route(TAKES_PART),
    "me:change_treatment_days": _route(PATS, "treatment"),
    "me:remove_treatment_days": _route(TAKES_PART, "treatment"),
    "me:clinical_team": _route(TAKES_PART),
    "me:change_team_contact": _route(PATS, "of_the_team"),
    "me:remove_team_contact": _route(TAKES_PART, "of_the_team"),
    "me:letter": _route(PATS, "letter_sent"),
    "me:where_next": _route(TAKES_PART),
    "me:pause": _route(TAKES_PART),
    "me:paused": _route(TAKES_PART),
    "me:resume": _route(TAKES_PART),
    "me:supporters": _route(ME),
    "me:invite_supporter": _route(TAKES_PART),
    "me:supporter": _route(PATS, "supporter"),
    "me:end_support": _route(PATS | {"sam"}, "supporter"),
    "me:act_for": _route({"sam"}, "pat"),
    "me:act_for_myself": _route(ME | DESK),
    "me:progress": _route(ME),
    "me:show_progress": _route(ME),
    "me:studies": _route(TAKES_PART),
    "me:study": _route(PATS, "invitation"),
    "me:answer_study": _route(PATS, "invitation"),
    "me:about_you": _route(TAKES_PART),
    "me:about_question": _route(TAKES_PART),
    "me:goals": _route(TAKES_PART),
    "me:goal": _route(PATS, "goal"),
    "me:put_away_goal": _route(PATS, "goal"),
    "me:wellbeing": _route(PATS, "assessment"),
    "me:wellbeing_answers": _route(PATS, "assessment"),
    "me:wellbeing_thanks": _route(PATS, "assessment"),
    "me:wellbeing_question": _route(PATS, "assessment"),
    # teach
    "teach:sessions": _route(TEACHES),
    "teach:all_sessions": _route(TEACHES),
    "teach:offline": _route(EVERYBODY),  # nothing in these three is about anybody
    "teach:service_worker": _route(EVERYBODY),
    "teach:manifest": _route(EVERYBODY),
    "teach:registers_to_keep": _route(TEACHES),
    "teach:may_keep": _route(EVERYBODY),  # whoever shows a ticket learns of that ticket alone
    "teach:hand_in": _route(SIGNED_IN),
    "teach:session": _route(INES, "session"),
    "teach:cancel_session": _route(INES, "session"),
    "teach:call_off": _route(TEACHES),
    "teach:called_off": _route(TEACHES),
    "teach:running_late": _route(INES, "session"),
    "teach:arrive": _route(INES, "session"),
    "teach:hours": _route(TEACHES),
    "teach:own_number": _route(TEACHES),
    "teach:hours_file": _route(TEACHES),
    "teach:change_session": _route(INES, "session"),
    "teach:change_session_scope": _route(INES, "series_date"),
    "teach:check_change": _route(INES, "series_date"),
    "teach:cancel_dates": _route(INES, "series_date"),
    "teach:left_out": _route(INES, "series_date"),
    "teach:put_back": _route(INES, "series_date"),
    "teach:write_to_class": _route(INES, "session"),
    "teach:class_note": _route(INES, "note"),
    "teach:one_to_ones": _route(TEACHES),
    "teach:new_times": _route(TEACHES),
    "teach:check_times": _route(TEACHES),
    "teach:take_away_day": _route(TEACHES),
    "teach:new_class": _route(TEACHES),
    "teach:new_class_step": _route(TEACHES),
    "teach:register": _route(INES, "session"),
    "teach:safety_check": _route(INES, "session"),
    "teach:safety_check_result": _route(INES, "session"),
    "teach:emergency_contact": _route(INES, "session"),
    "teach:talk": _route(INES, "session"),
    "teach:measure": _route(INES, "session"),
    "teach:session_note": _route(INES, "session"),
    "teach:whereabouts": _route(NOBODY, "session"),
    "teach:paper_register": _route(INES, "session"),
    "teach:ask_for_cover": _route(INES, "session"),
    "teach:covers": _route(TEACHES),
    "teach:cover": _route({"ivor"}, "cover"),
    "teach:away": _route(TEACHES),
    "teach:not_away": _route(INES, "away"),
    "teach:credentials": _route(TEACHES),
    "teach:add_credential": _route(INES, "instructor"),
    "teach:evidence": _route(INES, "paper"),
    "teach:mark_rest": _route(INES, "session"),
    "teach:report_incident": _route(INES, "session"),
    "teach:walk_in": _route(INES, "session"),
    "teach:refer_back": _route(INES, "session"),
    "teach:raise_concern": _route(INES, "session"),
    "teach:incident": _route(INES, "incident"),
    "teach:concern_sent": _route(TEACHES),  # it looks nothing up
    # desk
    "desk:worklist": _route(DESK),
    "desk:task": _route(DESK, "task"),
    "desk:take_task": _route(DESK, "task"),
    "desk:give_back_task": _route(DESK, "task"),
    "desk:on_call": _route(DESK),
    "desk:own_number": _route(DESK),
    "desk:add_shift": _route(DESK),
    "desk:end_shift": _route(DESK, "shift"),
    "desk:write_to_class": _route(DESK, "session"),
    "desk:class_note": _route(DESK, "note"),
    "desk:letter": _route(DESK, "letter"),
    "desk:letters": _route(DESK),
    "desk:caller": _route(DESK, "pat"),
    "desk:person_called": _route(DESK, "task"),
    "desk:end_call": _route(DESK),
    "desk:read_out": _route(DESK),
    "desk:messages": _route(DESK),
    "desk:message": _route(DESK, "message"),
    "desk:people": _route(DESK),
    "desk:person": _route(DESK, "pat"),
    "desk:same_person": _route(DESK),
    "desk:two_people": _route(DESK),
    "desk:merge": _route(DESK),
    "desk:merged": _route(DESK, "merge"),
    "desk:undo_merge": _route(DESK, "merge"),
    "desk:other_record": _route(DESK, "pat"),
    "desk:needs": _route(DESK, "pats_person"),
    "desk:decision_maker": _route(DESK, "pat"),
    "desk:end_decision_maker": _route(DESK, "pat"),
    "desk:confirm_needs": _route(DESK, "pats_person"),
    "desk:timeline": _route(DESK, "pat"),
    "desk:add_supporter": _route(DESK, "pat"),
    "desk:supporter": _route(DESK, "pat"),
    "desk:supporter_contact": _route(DESK, "pat"),
    "desk:end_supporter": _route(DESK, "pat"),
    "desk:book_for": _route(DESK, "pat"),
    "desk:pause": _route(DESK, "pat"),
    "desk:paused": _route(DESK, "pat"),
    "desk:leave": _route(DESK, "pat"),
    "desk:agreed": _route(DESK, "pat"),
    "desk:consent": _route(DESK, "pat"),
    "desk:answer_consent": _route(DESK, "pat"),
    "desk:name": _route(DESK, "pat"),
    "desk:identity": _route(DESK, "pat"),
    "desk:home_area": _route(DESK, "pat"),
    "desk:contact": _route(DESK, "pat"),
    "desk:signing_in": _route(DESK, "pat"),
    "desk:reminders": _route(DESK, "pat"),
    "desk:emergency_contact": _route(DESK, "pat"),
    "desk:confirm_emergency_contact": _route(DESK, "pat"),
    "desk:stop": _route(DESK, "pat"),
    "desk:undo_stop": _route(DESK, "pat"),
    "desk:resume": _route(DESK, "pat"),
    "desk:register": _route(DESK),
    "desk:register_check": _route(DESK),
    "desk:register_later": _route(DESK),
    "desk:register_not_eligible": _route(DESK),
    "desk:register_page": _route(DESK),
    "desk:review_clearance": _route({"clare"}, "pat"),
    "desk:session_notes": _route({"clare"}, "pat"),
    "desk:record": _route({"clare"}, "pat"),
    "desk:ask_for_copy": _route({"clare"}, "pat"),
    "desk:take_copy": _route({"clare"}, "pat"),
    "desk:erase": _route(DESK, "pat"),
    "desk:ask_health": _route(DESK, "pat"),
    "desk:treatment_days": _route(DESK, "pat"),
    "desk:change_treatment_days": _route(DESK, "pat"),
    "desk:remove_treatment_days": _route(DESK, "pat"),
    "desk:clinical_team": _route(DESK, "pat"),
    "desk:ending": _route(DESK),
    "desk:stay_longer": _route(DESK, "pat"),
    "desk:change_team_contact": _route(DESK, "pat"),
    "desk:remove_team_contact": _route(DESK, "pat"),
    "desk:clinical_letter": _route(DESK, "pat"),
    "desk:sent_letter": _route(DESK, "pat"),
    "desk:sent_letter_file": _route(DESK, "pat"),
    "desk:sessions": _route(DESK),
    "desk:new_times": _route(DEE),
    "desk:check_times": _route(DEE),
    "desk:new_class": _route(DEE),
    "desk:new_class_step": _route(DEE),
    "desk:cancel_session": _route(DEE, "session"),
    "desk:call_off": _route(DEE),
    "desk:called_off": _route(DESK),
    "desk:leader_missing": _route(DEE, "session"),
    "desk:hours": _route(DEE),
    "desk:hours_file": _route(DEE),
    "desk:change_capacity": _route(DEE, "session"),
    "desk:next_term": _route(DEE),
    "desk:check_next_term": _route(DEE),
    "desk:offering": _route(DEE),
    "desk:add_kind": _route(DEE),
    "desk:kind": _route(DEE, "kind_of_class"),
    "desk:add_hall": _route(DEE),
    "desk:hall": _route(DEE, "hall"),
    "desk:change_hall": _route(DEE, "hall"),
    "desk:add_room": _route(DEE, "hall"),
    "desk:close_hall": _route(DEE, "hall"),
    "desk:change_room": _route(DEE, "hall_room"),
    "desk:add_days_off": _route(DEE),
    "desk:add_hall_days_off": _route(DEE, "hall"),
    "desk:days_off": _route(DEE, "days_off"),
    "desk:limit": _route(DEE, "phase"),
    "desk:cover": _route(DEE, "session"),
    "desk:instructors": _route(DEE),
    "desk:add_instructor": _route(DEE),
    "desk:instructor": _route(DEE, "instructor"),
    "desk:stand_down": _route(DEE, "instructor"),
    "desk:lost_phone": _route(DEE, "instructor"),
    "desk:instructor_number": _route(DEE, "instructor"),
    "desk:record_credential": _route(DEE, "instructor"),
    "desk:let_pass": _route(DEE, "instructor"),
    "desk:end_pass": _route(DEE, "instructor"),
    "desk:check_credential": _route(DEE, "paper"),
    "desk:evidence": _route(DEE, "paper"),
    "desk:lists": _route(DEE),
    "desk:bring_list": _route(DEE),
    "desk:list": _route(DEE, "brought"),
    "desk:list_template": _route(DEE),
    "desk:questionnaires": _route(DEE),
    "desk:bring_questionnaire": _route(DEE),
    "desk:questionnaire": _route(DEE, "from_a_file"),
    "desk:question_seen": _route(DEE, "from_a_file"),
    "desk:questionnaire_licence": _route(DEE, "from_a_file"),
    "desk:questionnaire_scoring": _route(DEE, "from_a_file"),
    "desk:set_questionnaire_active": _route(DEE, "from_a_file"),
    "desk:change_session": _route(DEE, "session"),
    "desk:change_session_scope": _route(DEE, "series_date"),
    "desk:check_change": _route(DEE, "series_date"),
    "desk:cancel_dates": _route(DEE, "series_date"),
    "desk:left_out": _route(DEE, "series_date"),
    "desk:put_back": _route(DEE, "series_date"),
    "desk:waiting_list": _route(DESK, "later"),
    "desk:give_waiting_place": _route(DESK, "later"),
    "desk:pass_by_waiting": _route(DESK, "later"),
    "desk:put_first": _route(DESK, "later"),
    "desk:give_kept_place": _route(DESK, "later"),
    "desk:put_in_turn": _route(DESK, "later"),
    "desk:wellbeing_checks": _route(DESK),
    "desk:wellbeing": _route(DESK, "assessment"),
    "desk:wellbeing_answers": _route(DESK, "assessment"),
    "desk:wellbeing_paper": _route(DESK, "assessment"),
    "desk:wellbeing_thanks": _route(DESK, "assessment"),
    "desk:wellbeing_question": _route(DESK, "assessment"),
    "desk:experience": _route(DESK),
    "desk:measures": _route(DESK, "pat"),
    "desk:about_you": _route(DESK, "pat"),
    "desk:about_question": _route(DESK, "pat"),
    "desk:goals": _route(DESK),
    "desk:goal": _route(DESK, "goal"),
    "desk:put_away_goal": _route(DESK, "goal"),
    "desk:worrying_answer": _route({"clare"}, "worry"),
    "desk:safety_checks": _route(DESK),
    "desk:joining_by_phone": _route(DESK),
    "desk:safety_check": _route(DESK, "booking"),
    "desk:safety_check_result": _route(DESK, "booking"),
    "desk:releases": _route(DEE),
    "desk:ask_for_release": _route(DEE),
    "desk:release": _route(DEE, "release"),
    "desk:release_by": _route(DEE, "release"),
    "desk:publish_release": _route(DEE, "release"),
    "desk:try_release_again": _route(DEE, "release"),
    "desk:agreements": _route(DEE),
    "desk:add_agreement": _route(DEE),
    "desk:agreement": _route(DEE, "agreement"),
    "desk:change_agreement": _route(DEE, "agreement"),
    "desk:end_agreement": _route(DEE, "agreement"),
    "desk:agreement_purpose": _route(DEE, "agreement"),
    "desk:connected_systems": _route(DEE, "agreement"),
    "desk:connected_system": _route(DEE, "system"),
    "desk:revoke_system": _route(DEE, "system"),
    "desk:person_progress": _route(DESK),
    "desk:person_research": _route(DESK),
    "desk:person_studies": _route(DESK),
    "desk:answer_study_for": _route(DESK, "invitation"),
    "desk:studies": _route(DEE),
    "desk:new_study": _route(DEE),
    "desk:study": _route(DEE, "study"),
    "desk:change_study": _route(DEE, "study"),
    "desk:count_for_study": _route(DEE, "study"),
    "desk:open_study": _route(DEE, "study"),
    "desk:invite_to_study": _route(DEE, "study"),
    "desk:close_study": _route(DEE, "study"),
    "desk:page_feedback": _route(DESK),
    "desk:put_away_feedback": _route(DESK, "feedback"),
    "desk:notices": _route(DESK),
    "desk:take_down_notice": _route(DESK, "notice"),
    "desk:data_use_comments": _route(DEE),
    "desk:put_away_comment": _route(DEE, "comment"),
    "desk:put_away_comments": _route(DEE),
    "desk:sum_up_comments": _route(DEE),
    "desk:research": _route(HANDLES_EXTRACTS),
    "desk:ask_for_extracts": _route(HANDLES_EXTRACTS),
    "desk:research_project": _route(HANDLES_EXTRACTS, "project"),
    "desk:change_extracts": _route(HANDLES_EXTRACTS, "project"),
    "desk:say_on_extracts": _route(HANDLES_EXTRACTS, "project"),
    "desk:extract_certificate": _route(HANDLES_EXTRACTS, "project"),
    "desk:build_extract": _route(HANDLES_EXTRACTS, "project"),
    "desk:extract": _route(HANDLES_EXTRACTS, "extract"),
    "desk:try_extract_again": _route(HANDLES_EXTRACTS, "extract"),
    "desk:take_extract": _route(HANDLES_EXTRACTS, "extract"),
    "desk:incidents": _route(DESK),
    "desk:safety_summary": _route(DESK),
    "desk:incident": _route(DESK, "incident"),
    "desk:walk_in": _route(DESK, "guest"),
    "desk:add_to_incident": _route(DESK, "incident"),
    "desk:refer_back": _route(DESK, "pat"),
    "desk:referred_back": _route({"clare"}, "referred"),
    "desk:referral": _route(DESK, "referral"),
    "desk:nhs_number": _route(DESK, "pat"),
    "desk:drop_referral": _route(DESK, "referral"),
    "desk:raise_concern": _route(DESK, "pat"),
    "desk:concern_sent": _route(DESK),  # it looks nothing up
    "desk:concerns": _route(SADIE),
    "desk:concern": _route(SADIE, "concern"),
    # safety content
    "content:overview": _route(CONTENT),
    "content:asked": _route(CONTENT),
    "content:ask_after_a_year": _route(CONTENT, "programme"),
    "content:do_not_ask_after_a_year": _route(CONTENT, "programme"),
    "content:worrying_answers": _route(CONTENT),
    "content:worrying_answer_route": _route(CONTENT, "questionnaire"),
    "content:use_questionnaire": _route(CONTENT, "questionnaire"),
    "content:kind": _route(CONTENT),
    "content:version": _route(CONTENT),
    "content:preview": _route(CONTENT),
    "content:change": _route(CONTENT),
    "content:start": _route(CONTENT),
    "content:sign": _route({"clare"}),
    "content:withdraw": _route({"clare"}),
    # partner
    # who may do what
    "staff:everybody": _route(ADMINISTRATOR),
    "staff:give": _route(ADMINISTRATOR),
    "staff:role": _route(ADMINISTRATOR, "role_held"),
    "staff:end_role": _route(ADMINISTRATOR, "role_held"),
    "staff:sign_out": _route(ADMINISTRATOR, "role_held"),
    "partner:releases": _route(PARTNERS),
    "partner:be_told": _route(EVERYBODY),
    "partner:release": _route(OMAR, "release"),
    "partner:release_by": _route(OMAR, "release"),
    "partner:release_csv": _route(OMAR, "release"),
    "partner:release_json": _route(OMAR, "release"),
    "partner:release_pdf": _route(OMAR, "release"),
    # API
    "session-list": _route(EVERYBODY),
    "session-detail": _route(EVERYBODY, "session"),
    "session-register": _route(INES | DESK, "session"),
    "session-incidents": _route(INES, "session"),
    "session-cover": _route(INES, "session"),
    "cover-list": _route(TEACHES),
    "cover-take": _route({"ivor"}, "cover"),
    "session-change": _route(INES | DEE, "series_date"),
    "session-change-preview": _route(INES | DEE, "series_date"),
    "session-cancel": _route(INES | DEE, "series_date"),
    "session-cancel-preview": _route(INES | DEE, "series_date"),
    "message-list": _route(DESK),
    "message-detail": _route(DESK, "message"),
    "session-places": _route(DEE, "session"),
    "session-kept-places": _route(DESK, "session"),
    "session-notes": _route(INES | DESK, "session"),
    "session-notes-preview": _route(INES | DESK, "session"),
    "session-left-out": _route(INES | DEE, "series_date"),
    "session-put-back": _route(INES | DEE, "series_date"),
    "session-put-back-preview": _route(INES | DEE, "series_date"),
    "calling-off": _route(TEACHES | DEE),
    "calling-off-preview": _route(TEACHES | DEE),
    "new-class": _route(TEACHES | DEE),
    "new-class-preview": _route(TEACHES | DEE),
    "term": _route(DEE),
    "term-preview": _route(DEE),
    "timetable-choices": _route(TEACHES | DEE),
    "booking-list": _route(ME | DESK),
    "booking-detail": _route(PATS | {"sam"} | DESK, "booking"),
    "booking-block": _route(ME | DESK),
    "booking-move": _route(PATS | {"sam"} | DESK, "booking"),
    "booking-who-comes": _route(PATS | {"sam"} | DESK, "booking"),
    "booking-cancel": _route(PATS | {"sam"} | DESK, "booking"),
    "booking-cancel-later": _route(PATS | {"sam"} | DESK, "booking"),
    "hold": _route(TAKES_PART),
    "booking-coming": _route(PATS | {"sam"} | DESK, "booking"),
    "own-calendar": _route(TAKES_PART),
    "own-session-notes-list": _route(TAKES_PART),
    "own-calendar-close": _route(TAKES_PART),
    "own-message-choices": _route(TAKES_PART),
    "session-waiting-list": _route(DESK, "later"),
    "waiting-called": _route(DESK, "waiting"),
    "waiting-priority": _route(DESK, "waiting"),
    "booking-accept": _route(PATS | {"sam"} | DESK, "booking"),
    "booking-decline": _route(PATS | {"sam"} | DESK, "booking"),
    "booking-symptom-check": _route(PATS | DESK, "booking"),
    "session-symptom-checks": _route(INES, "session"),
    "session-symptom-talks": _route(INES, "session"),
    "waiting-list": _route(ME | DESK),
    "questionnaire-list": _route(ME | DESK),
    "questionnaire-detail": _route(PATS | DESK, "questionnaire"),
    "assessment-list": _route(ME | DESK),
    "assessment-detail": _route(PATS | DESK, "assessment"),
    "assessment-answers": _route(PATS | DESK, "assessment"),
    "assessment-questionnaire-response": _route(PATS | DESK, "assessment"),
    "assessment-send": _route(PATS | DESK, "assessment"),
    "people-list": _route(ME | DESK),
    "own-record": _route(TAKES_PART),
    "own-conditions": _route(TAKES_PART),
    "own-health": _route(TAKES_PART),
    "own-pause-list": _route(TAKES_PART),
    "own-pause-end": _route(TAKES_PART),
    "own-treatment-days": _route(TAKES_PART),
    "own-other-questionnaires-list": _route(TAKES_PART),
    "own-progress-list": _route(TAKES_PART),
    "release-list": _route(PARTNERS),
    "release-detail": _route(OMAR, "release"),
}
