"""Pages that their address alone does not open, and what somebody does before.

Each way makes what it needs for itself, so that it changes nothing of what
another page is opened with, and answers a browser and the path to open in it.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.content import kind_of, sign_version, version_of
from accounts.models import User
from accounts.password_links import HandedOver
from accounts.permissions import Role
from classes.models import Booking, BookingState
from classes.telling.replies import token_for
from instructors.models import Instructor
from messaging.models import Message
from messaging.words import words_now
from outcomes.models import Assessment
from participants import consents, notices, support
from participants.health_content import HEALTH_QUESTIONS
from participants.models import ConsentKind, Participant, Source, SupporterScope
from participants.registering import intake
from participants.rules.questions import CURRENT
from participants.taking_part import life
from records.models import ErasureRequest
from tests.factories.accounts import MembershipFactory, UserFactory, someone
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory, weekly_dates
from tests.factories.outcomes import AssessmentFactory, answers_of, sent_form
from tests.factories.participants import ParticipantFactory
from tests.factories.referrals import SENT
from tests.factories.registering import walk
from tests.factories.symptoms import SymptomCheckFactory, class_today
from tests.structure.routes import SignIn, World

PASSWORD = "three unlikely words"
Way = Callable[[World, SignIn], tuple[Client, str]]


# --- joining -----------------------------------------------------------------


def _joins(answers: dict[str, dict[str, object]] | None = None, *, steps: bool = True) -> tuple[Client, str]:
    """Somebody who has begun to register, and where they are; with `steps` as far as their answers lead."""
    browser = Client()
    first = browser.post(reverse("public:join"))["Location"]
    return browser, walk(browser, first, answers)[0] if steps else first


def page_feedback(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return Client(), f"{reverse('public:page_feedback')}?page=/how-it-works/&helpful=no"


def join_page(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return _joins(steps=False)


def join_later(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return _joins(steps=False)[0], reverse("public:join_later")


def join_check(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return _joins()


def join_done(world: World, sign_in: SignIn) -> tuple[Client, str]:
    browser, check = _joins()
    return browser, browser.post(check)["Location"]


def join_not_eligible(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return _joins({"area": {"area": "elsewhere"}})


def join_return(world: World, sign_in: SignIn) -> tuple[Client, str]:
    draft = intake.start_registration(programme=world.pat.programme)
    return Client(), reverse("public:join_return", args=[intake.new_return_token(registration=draft)])


def referred(world: World, sign_in: SignIn) -> tuple[Client, str]:
    browser = Client()
    return browser, browser.post(reverse("public:refer"), SENT)["Location"]


def help_invitation(world: World, sign_in: SignIn) -> tuple[Client, str]:
    invited = support.invite_supporter(
        participant=world.pat, given_name="Sid", family_name="Son", email="sid@example.org", relationship="son",
        scopes=[SupporterScope.BOOK], by=world.pat.person,
    )  # fmt: skip
    told = words_now(Message.objects.get(kind=notices.SUPPORTER_INVITED, subject_id=invited.pk))
    assert told is not None
    link = re.search(r"https?://[^/\s]+(/help/\S+)", told.body)
    assert link is not None, told.body
    return Client(), link[1]


def reply(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return Client(), reverse("public:reply", args=[token_for(world.booking)])


def _desk_registers(world: World, sign_in: SignIn, answers: dict[str, dict[str, object]]) -> tuple[Client, str]:
    dee = world.users["dee"]
    draft = intake.start_registration(programme=world.pat.programme, source=Source.DESK, by=dee.person)
    browser = sign_in(dee)
    return browser, walk(browser, reverse("desk:register_page", args=[draft.reference, "name"]), answers)[0]


def register_check(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return _desk_registers(world, sign_in, {"contact": {"ways": ["email"], "email": "jan@example.org"}})


def register_not_eligible(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return _desk_registers(world, sign_in, {"area": {"area": "elsewhere"}})


# --- places ------------------------------------------------------------------


def offer(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """A place that is kept for Pat."""
    session = SessionFactory(programme=world.pat.programme, starts_at=timezone.now() + dt.timedelta(days=5))
    with transaction.atomic():  # the place and its offer are looked at together, at the commit
        kept = BookingFactory(session=session, participant=world.pat, state=BookingState.OFFERED)
    return sign_in(world.users["pat"]), reverse("me:offer", args=[kept.pk])


# --- signing in --------------------------------------------------------------


def _staff(world: World) -> User:
    """Somebody of the desk with a password, an app and backup codes."""
    user = someone("Stella Staff", Role.COORDINATOR, programme=world.pat.programme)
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def _fresh_from_signing_in(user: User, sign_in: SignIn) -> Client:
    """Not asked for the password again: it was given a moment ago."""
    browser = sign_in(user)
    session = browser.session
    session["account_authentication_methods"] = [
        {**proof, "at": time.time()} for proof in session["account_authentication_methods"]
    ]
    session.save()
    return browser


def _by_staff(name: str, *, fresh: bool = True) -> Way:
    def way(world: World, sign_in: SignIn) -> tuple[Client, str]:
        user = _existing_staff(world)
        return (_fresh_from_signing_in(user, sign_in) if fresh else sign_in(user)), reverse(name)

    return way


def _existing_staff(world: World) -> User:
    return User.objects.filter(email="stella@example.org").first() or _staff(world)


def enter_code(world: World, sign_in: SignIn) -> tuple[Client, str]:
    browser = Client()
    return browser, browser.post(reverse("account_login"), {"email": world.users["pat"].email})["Location"]


def first_sign_in(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """The code was typed, and nobody has shown yet whose address it went to."""
    user = world.users["pat"]
    User.objects.filter(pk=user.pk).update(email_proved_at=None)
    browser, code_page = enter_code(world, sign_in)
    code = browser.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"]
    answer = browser.post(code_page, {"code": code})
    return browser, answer["Location"]


def second_step(world: World, sign_in: SignIn) -> tuple[Client, str]:
    browser, user = Client(), _existing_staff(world)
    given = {"login": user.email, "password": PASSWORD}
    return browser, browser.post(reverse("account_password_login"), given)["Location"]


def second_factor_missing(world: World, sign_in: SignIn) -> tuple[Client, str]:
    browser = Client()
    browser.force_login(_existing_staff(world))
    return browser, reverse("second_factor_missing")


def new_password(world: World, sign_in: SignIn) -> tuple[Client, str]:
    browser, user = Client(), _existing_staff(world)
    link = {"uidb36": user_pk_to_url_str(user), "key": HandedOver().make_token(user)}
    return browser, browser.get(reverse("account_reset_password_from_key", kwargs=link))["Location"]


def sign_out(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["pat"]), reverse("account_logout")


# --- taking part -------------------------------------------------------------


def _quinn(world: World) -> Participant:
    return Participant.objects.select_related("programme", "person").get(person=world.users["quinn"].person)


def book_place(world: World, sign_in: SignIn) -> tuple[Client, str]:
    session = SessionFactory(programme=world.pat.programme, starts_at=timezone.now() + dt.timedelta(days=4))
    return sign_in(world.users["quinn"]), reverse("me:book_place", args=[session.pk])


def _agreed(world: World) -> Participant:
    """Quinn, who lets us keep health answers."""
    quinn = _quinn(world)
    asked = next(text for text in consents.current_texts(quinn.programme) if text.kind == ConsentKind.HEALTH)
    consents.give_consent(participant=quinn, text=asked, by=quinn.person)
    return quinn


def _on_a_break(world: World) -> Participant:
    resting = ParticipantFactory(programme=world.pat.programme)
    life.pause(participant=resting, reason="treatment", by=resting.person)
    return resting


def erase_code(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """Somebody who has signed in just now and was sent a code."""
    participant = ParticipantFactory(programme=world.programme)
    user = UserFactory(person=participant.person)
    MembershipFactory(user=user, role=Role.PARTICIPANT, programme=world.programme)
    ErasureRequest.objects.create(person=participant.person, asked_by=participant.person, fingerprint="shown")
    browser = sign_in(user)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session.save()
    return browser, reverse("me:erase_code")


def paused(world: World, sign_in: SignIn) -> tuple[Client, str]:
    resting = _on_a_break(world)
    user = UserFactory(person=resting.person)
    MembershipFactory(user=user, role=Role.PARTICIPANT.value, programme=resting.programme)
    return sign_in(user), reverse("me:paused")


def desk_paused(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["dee"]), reverse("desk:paused", args=[_on_a_break(world).pk])


def ask_health(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["dee"]), reverse("desk:ask_health", args=[_agreed(world).pk])


def withdraw_signature(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """A signature that can be taken back."""
    kind, clare = kind_of(HEALTH_QUESTIONS), world.users["clare"]
    digest = version_of(kind, CURRENT).digest
    sign_version(kind=kind, version=CURRENT, digest=digest, role="clinical lead", by=clare.person)
    return sign_in(clare), reverse("content:withdraw", args=[HEALTH_QUESTIONS, CURRENT])


def update_health(world: World, sign_in: SignIn) -> tuple[Client, str]:
    _agreed(world)
    return sign_in(world.users["quinn"]), reverse("me:update_health")


def treatment_days(world: World, sign_in: SignIn) -> tuple[Client, str]:
    _agreed(world)
    return sign_in(world.users["quinn"]), reverse("me:treatment_days")


def desk_treatment_days(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["dee"]), reverse("desk:treatment_days", args=[_agreed(world).pk])


def _asks_for_a_talk(world: World) -> Booking:
    """A place of Quinn's in a class of Ines today, whose check asks for a talk."""
    ines = Instructor.objects.get(person=world.users["ines"].person)
    quinn = _quinn(world)
    place = Booking.objects.filter(participant=quinn, symptom_checks__isnull=False).first()
    if place is None:
        session = class_today(programme=quinn.programme, leader=ines)
        place = BookingFactory(session=session, participant=quinn)
        SymptomCheckFactory(booking=place, result="talk_first")
    return place


def safety_check_result(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["quinn"]), reverse("me:safety_check_result", args=[_asks_for_a_talk(world).pk])


def desk_safety_check_result(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["dee"]), reverse("desk:safety_check_result", args=[_asks_for_a_talk(world).pk])


def _on_the_register(name: str) -> Way:
    def way(world: World, sign_in: SignIn) -> tuple[Client, str]:
        place = _asks_for_a_talk(world)
        return sign_in(world.users["ines"]), reverse(name, args=[place.session_id, f"b{place.pk}"])

    return way


def _sent(world: World) -> Assessment:
    quinn = _quinn(world)
    sent = Assessment.objects.filter(participant=quinn).first()
    if sent is None:
        sent = AssessmentFactory(participant=quinn)
        sent_form(sent, answers_of(7), on=timezone.localdate())
    return sent


def wellbeing_thanks(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["quinn"]), reverse("me:wellbeing_thanks", args=[_sent(world).pk])


def desk_wellbeing_thanks(world: World, sign_in: SignIn) -> tuple[Client, str]:
    return sign_in(world.users["dee"]), reverse("desk:wellbeing_thanks", args=[_sent(world).pk])


def _changes_a_class(audience: str, who: str) -> Way:
    """Somebody who has said what is to be different, and now checks it."""

    def way(world: World, sign_in: SignIn) -> tuple[Client, str]:
        browser, session = sign_in(world.users[who]), world.series_date
        on = timezone.localdate(session.starts_at)
        typed = {
            **{"on-day": on.day, "on-month": on.month, "on-year": on.year, "start": "5:15am", "minutes": "60"},
            **{"mode": "in_person", "place": f"{session.venue_id}-", "class_type": session.class_type_id},
            **{"capacity": 12, "instructor": session.leaders.get().instructor_id},
        }
        asked = reverse(f"{audience}:change_session_scope", args=[session.pk, "this-date"])
        return browser, browser.post(asked, typed)["Location"]

    return way


def check_next_term(world: World, sign_in: SignIn) -> tuple[Client, str]:
    browser, first = sign_in(world.users["dee"]), timezone.localdate() + dt.timedelta(days=200)
    last = first + dt.timedelta(days=30)
    days = {
        f"{name}-{part}": getattr(on, part)
        for name, on in (("first", first), ("last", last))
        for part in ("day", "month", "year")
    }
    sent = {**days, "series": str(world.series_date.series_id)}
    return browser, browser.post(reverse("desk:next_term"), sent)["Location"]


def booked_dates(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """Pat has ticked a date and pressed the button."""
    date = weekly_dates(world.pat.programme, number=1)[0]
    browser, asked = sign_in(world.users["pat"]), reverse("me:book_dates", args=[date.pk])
    sent = {"request_key": "ways-in", "person": str(world.pat.pk), "dates": [str(date.pk)]}
    return browser, browser.post(asked, sent)["Location"]


def held(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """A place is kept for somebody whose clearance has run out, while they answer."""
    user, programme = someone("Hal Heldfor", Role.PARTICIPANT, programme=world.pat.programme), world.pat.programme
    over = timezone.localdate() - dt.timedelta(days=1)
    ParticipantFactory(person=user.person, programme=programme, clearance__valid_until=over)
    session = SessionFactory(programme=programme, starts_at=timezone.now() + dt.timedelta(days=5))
    browser = sign_in(user)
    return browser, browser.post(reverse("me:hold_place", args=[session.pk]))["Location"]


def cancel_later(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """Somebody has two dates of one class."""
    user, programme = someone("Lou Laterdates", Role.PARTICIPANT, programme=world.pat.programme), world.pat.programme
    participant = ParticipantFactory(person=user.person, programme=programme)
    dates = weekly_dates(programme, number=2)
    places = [BookingFactory(session=date, participant=participant) for date in dates]
    return sign_in(user), reverse("me:cancel_later", args=[places[0].pk])


def _gives_times(audience: str, who: str) -> Way:
    def way(world: World, sign_in: SignIn) -> tuple[Client, str]:
        kind = ClassTypeFactory(programme=world.pat.programme, one_to_one=True)
        on = timezone.localdate() + dt.timedelta(days=40)
        asked = {
            "class_type": kind.pk,
            "instructor": world.instructor.pk,
            "mode": "phone",
            "weeks": "1",
            "between": "15",
        }
        asked |= {"first-day": on.day, "first-month": on.month, "first-year": on.year}
        browser = sign_in(world.users[who])
        sent = {**asked, "begins": "2pm", "until": "5pm", "minutes": "45", "between": "15"}
        return browser, browser.post(reverse(f"{audience}:new_times"), sent)["Location"]

    return way


def take_away_day(world: World, sign_in: SignIn) -> tuple[Client, str]:
    at = timezone.now() + dt.timedelta(days=50)
    one_to_one = {"kind": "one_to_one", "mode": "phone", "capacity": 1}
    SessionFactory(programme=world.pat.programme, starts_at=at, leader=world.instructor, **one_to_one)
    on = timezone.localdate(at).isoformat()
    return sign_in(world.users["ines"]), reverse("teach:take_away_day", args=[on])


def whereabouts(world: World, sign_in: SignIn) -> tuple[Client, str]:
    """Ines leads a class online today, in which Pat has a place."""
    ines = Instructor.objects.get(person__user=world.users["ines"])
    session = class_today(programme=world.pat.programme, leader=ines, hours=12, online=True)
    place = BookingFactory(session=session, participant=world.pat)
    return sign_in(world.users["ines"]), reverse("teach:whereabouts", args=[session.pk, f"b{place.pk}"])


WAYS_IN: dict[str, Way] = {
    "public:page_feedback": page_feedback,
    "public:join_page": join_page,
    "public:join_later": join_later,
    "public:join_check": join_check,
    "public:join_done": join_done,
    "public:join_not_eligible": join_not_eligible,
    "public:join_return": join_return,
    "public:referred": referred,
    "public:help_invitation": help_invitation,
    "public:reply": reply,
    "desk:register_check": register_check,
    "desk:register_not_eligible": register_not_eligible,
    "account_confirm_login_code": enter_code,
    "public:first_sign_in": first_sign_in,
    "mfa_authenticate": second_step,
    "second_factor_missing": second_factor_missing,
    "account_reset_password_from_key": new_password,
    "account_logout": sign_out,
    "account_change_password": _by_staff("account_change_password"),
    "account_reauthenticate": _by_staff("account_reauthenticate", fresh=False),
    "mfa_deactivate_totp": _by_staff("mfa_deactivate_totp"),
    "mfa_view_recovery_codes": _by_staff("mfa_view_recovery_codes"),
    "me:offer": offer,
    "me:book_place": book_place,
    "me:cancel_later": cancel_later,
    "me:held": held,
    "me:booked_dates": booked_dates,
    "me:update_health": update_health,
    "me:paused": paused,
    "me:erase_code": erase_code,
    "me:treatment_days": treatment_days,
    "me:safety_check_result": safety_check_result,
    "teach:safety_check_result": _on_the_register("teach:safety_check_result"),
    "teach:whereabouts": whereabouts,
    "teach:check_change": _changes_a_class("teach", "ines"),
    "desk:check_next_term": check_next_term,
    "desk:check_change": _changes_a_class("desk", "dee"),
    "teach:talk": _on_the_register("teach:talk"),
    "teach:check_times": _gives_times("teach", "ines"),
    "desk:check_times": _gives_times("desk", "dee"),
    "teach:take_away_day": take_away_day,
    "desk:safety_check_result": desk_safety_check_result,
    "desk:paused": desk_paused,
    "desk:ask_health": ask_health,
    "desk:treatment_days": desk_treatment_days,
    "content:withdraw": withdraw_signature,
    "me:wellbeing_thanks": wellbeing_thanks,
    "desk:wellbeing_thanks": desk_wellbeing_thanks,
}
